import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { LinkButton } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { RecordPage, State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Money } from '../../shared/ui/Text'
import { differenceQuery, type Element } from './queries'
import { useSolutions } from './words'

// How words are told apart is only needed where a long text changed.
const Words = lazy(() => import('./Words'))

type Difference = Schemas['VersionDifference']
type Change = Schemas['ElementChange']['change']

export function DifferencePage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useSolutions()
  const d = t.difference
  const { id } = useParams({ strict: false }) as { id: string }
  const [filter, set] = useFilters<{ from?: string }>()
  const difference = useSuspenseQuery(differenceQuery(id, filter.from)).data
  const others = difference.versions.filter((version) => version.id !== id)
  const nothing = !difference.fields.length && !difference.elements.length && !difference.files.length
  return (
    <>
      <PageHeader
        title={
          <>
            {d.title}{' '}
            <span className="font-normal text-ink-3">
              {difference.from ? `${difference.from.semver} → ` : ''}
              {difference.to.semver}
            </span>
          </>
        }
        documentTitle={`${difference.solution_name} ${d.title}`}
        crumbs={[
          { label: t.title, to: '/solutions' },
          { label: difference.solution_name, to: `/solutions/${difference.solution_id}` },
        ]}
        tags={<State of="version" value={difference.to.state} />}
        actions={<LinkButton to={`/versions/${id}` as string}>{d.view}</LinkButton>}
      />
      {others.length > 0 && (
        <div className="mb-8 max-w-xs">
          <NativeSelect
            label={d.pick}
            value={difference.from?.id ?? ''}
            onChange={(from) => set({ from })}
            options={others.map((version) => ({ id: version.id, label: version.semver }))}
          />
        </div>
      )}
      {!difference.from && <p className="mb-6 text-ink-2">{d.first}</p>}
      {nothing ? (
        <EmptyState title={d.none}>{d.noneWhy}</EmptyState>
      ) : (
        <>
          <Texts difference={difference} />
          <Elements difference={difference} />
          <Files difference={difference} />
        </>
      )}
      {!nothing && difference.same > 0 && <p className="text-ink-3 text-small">{d.same(difference.same)}</p>}
    </>
  )
}

function ChangeTag({ change }: { change: Change }) {
  const d = useSolutions().difference
  return <Tag tone={({ added: 'jade', removed: 'cinnabar', changed: 'amber' } as const)[change]}>{d[change]}</Tag>
}

function Texts({ difference }: { difference: Difference }) {
  const t = useSolutions()
  const domain = useDomain()
  if (!difference.fields.length) return null
  return (
    <Section title={t.difference.texts}>
      <dl className="flex flex-col gap-5">
        {difference.fields.map((field) => (
          <div key={field.field}>
            <dt className="mb-1 font-medium">{t.editor[field.field]}</dt>
            <dd>
              {field.field === 'integration' ? (
                <>
                  <del className="text-ink-3">{domain.integration[field.before as keyof typeof domain.integration] ?? ''}</del>{' '}
                  <ins className="no-underline">{domain.integration[field.after as keyof typeof domain.integration]}</ins>
                </>
              ) : (
                <Suspense fallback={<p className="whitespace-pre-line">{field.after}</p>}>
                  <Words before={field.before} after={field.after} />
                </Suspense>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Elements({ difference }: { difference: Difference }) {
  const t = useSolutions()
  const d = t.difference
  const domain = useDomain()
  if (!difference.elements.length) return null
  const offer = (element?: Element) =>
    element ? (
      <>
        <Money fen={element.price_fen} trim />
        <span className="text-ink-3">
          /{element.unit} · {domain.billing[element.billing]}
          {element.required && ` · ${domain.required}`}
          {element.max > 0 && ` · ${domain.upTo(element.max)}`}
        </span>
      </>
    ) : (
      '-'
    )
  return (
    <Section title={d.elements}>
      <MiniTable
        label={d.elements}
        head={[t.editor.element, '', difference.from ? d.before(difference.from.semver) : '-', d.before(difference.to.semver), d.price]}
        end={[4]}
        rows={difference.elements.map((change, index) => ({
          id: String(index),
          cells: [
            (change.after ?? change.before)?.name,
            <ChangeTag key="change" change={change.change} />,
            offer(change.before),
            offer(change.after),
            <Step key="step" before={change.before?.price_fen} after={change.after?.price_fen} />,
          ],
        }))}
      />
    </Section>
  )
}

function Step({ before, after }: { before?: number; after?: number }) {
  if (before === undefined || after === undefined || before === after) return '-'
  const share = before > 0 ? ` (${after > before ? '+' : ''}${(((after - before) / before) * 100).toFixed(1)}%)` : ''
  return (
    <span className={after > before ? 'text-cinnabar' : 'text-jade'}>
      {after > before ? '+' : ''}
      <Money fen={after - before} trim />
      {share}
    </span>
  )
}

function Files({ difference }: { difference: Difference }) {
  const t = useSolutions()
  const d = t.difference
  const domain = useDomain()
  if (!difference.files.length) return null
  return (
    <Section title={d.files}>
      <ul className="flex flex-col gap-3">
        {difference.files.map((change, index) => {
          const file = change.after ?? change.before
          return (
            <li key={file?.file.id ?? index} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <ChangeTag change={change.change} />
              <span className="text-ink-3 text-small">{file && domain.fileKind[file.kind]}</span>
              {file && <FileLine file={file.file} />}
              {change.change === 'changed' && <span className="text-ink-3 text-small">{d.replaced}</span>}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
