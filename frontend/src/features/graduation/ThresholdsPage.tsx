import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useCan } from '../../shared/api/session'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { Standing } from '../../shared/ui/Standing'
import { sayFigure } from './figures'
import { units } from './metrics'
import { type Threshold, thresholdsQuery } from './queries'
import { useRooms } from './rooms'
import { useGraduation } from './words'

const ThresholdDialog = lazy(() => import('./ThresholdDialog'))

export function ThresholdsPage() {
  return (
    <RecordPage>
      <Thresholds />
    </RecordPage>
  )
}

/** Thresholds in words, one a line. */
function Needs({ of: threshold, before }: { of: Threshold; before?: Threshold }) {
  const words = useGraduation()
  return (
    <ul className="flex flex-col gap-0.5">
      {units
        .filter(([metric]) => threshold.needs[metric] !== undefined)
        .map(([metric, unit, atMost]) => {
          const value = threshold.needs[metric] ?? 0
          const changed = before && before.needs[metric] !== value
          return (
            <li key={metric} className={changed ? 'font-medium' : undefined}>
              {words.metrics[metric]} {(atMost ? words.atMost : words.atLeast)(sayFigure(value, unit, words))}
              {changed && before.needs[metric] !== undefined && (
                <span className="ml-1.5 font-normal text-ink-3 line-through">{sayFigure(before.needs[metric] ?? 0, unit, words)}</span>
              )}
            </li>
          )
        })}
    </ul>
  )
}

function Thresholds() {
  const words = useGraduation()
  const t = useRooms().thresholds
  const can = useCan()
  const { reference, name } = useReference()
  const versions = useSuspenseQuery(thresholdsQuery).data.items
  const [drafting, setDrafting] = useState(false)
  const published = (category: string) => versions.find((one) => one.category === category && one.state === 'published')
  const waiting = versions.filter((one) => one.state === 'proposed')
  const who = (one: Threshold) =>
    [
      t.made(one.made_by_name, formatTime(one.made_at, 'date')),
      one.checked_at && t.checked(one.checked_by_name, formatTime(one.checked_at, 'date')),
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <>
      <PageHeader
        title={t.title}
        sub={t.sub}
        crumbs={[{ label: words.title, to: '/graduations' }]}
        actions={
          can('threshold:propose') && (
            <Button
              variant={waiting.some((one) => one.actions.length) ? 'secondary' : 'primary'}
              icon={<Plus size={16} aria-hidden />}
              onPress={() => setDrafting(true)}
            >
              {t.draft}
            </Button>
          )
        }
      />
      {waiting.map((one) => (
        <Banner
          key={one.id}
          tone="amber"
          title={`${t.pending} · ${name(reference.categories, one.category)} · ${t.version(one.number)}`}
          action={
            <Actions
              resource="thresholds"
              id={one.id}
              allowed={one.actions}
              primary={['publish']}
              touches={['threshold', 'home']}
              acts={[
                { id: 'publish', label: t.publish, done: t.published, ask: { title: t.askPublish, help: t.askPublishWhy } },
                { id: 'return', label: t.return, done: t.returned, ask: { title: t.askReturn, reason: 'required' } },
              ]}
            />
          }
        >
          <Needs of={one} before={published(one.category)} />
          <p className="mt-1 text-ink-3">{[who(one), one.note].filter(Boolean).join(' · ')}</p>
        </Banner>
      ))}
      <Section title={t.inForce}>
        <MiniTable
          label={t.inForce}
          head={[t.category, t.number, t.needs, t.by]}
          rows={reference.categories.map((category) => {
            const now = published(category.code)
            return {
              id: category.code,
              cells: [
                <span key="name" className="font-medium">
                  {name(reference.categories, category.code)}
                </span>,
                now ? t.version(now.number) : '-',
                now ? (
                  <Needs key="needs" of={now} />
                ) : (
                  <span key="none" className="text-ink-3">
                    {t.none}
                  </span>
                ),
                now ? (
                  <span key="who" className="text-ink-3 text-small">
                    {who(now)}
                  </span>
                ) : (
                  ''
                ),
              ],
            }
          })}
        />
      </Section>
      <Section title={t.history}>
        <MiniTable
          label={t.history}
          head={[t.category, t.state, t.by, t.note]}
          rows={versions.map((one) => ({
            id: one.id,
            cells: [
              `${name(reference.categories, one.category)} · ${t.version(one.number)}`,
              <Standing key="state" of="threshold" value={one.state} />,
              who(one),
              [one.note, one.reason].filter(Boolean).join(' · '),
            ],
          }))}
        />
      </Section>
      <Suspense>{drafting && <ThresholdDialog versions={versions} onClose={() => setDrafting(false)} />}</Suspense>
    </>
  )
}
