import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { FileText, Pencil, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Cover } from '../../shared/ui/Cover'
import { Card, Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage, State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { Timeline } from '../../shared/ui/Timeline'
import { type Solution, solutionQuery } from './queries'
import { useSolutions } from './words'

const SolutionDialog = lazy(() => import('./SolutionDialog'))
const Prices = lazy(() => import('./Prices'))
const Rise = lazy(() => import('./Rise'))
const VersionDialog = lazy(() => import('./VersionDialog'))

export function SolutionPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useSolutions()
  const { id } = useParams({ strict: false }) as { id: string }
  const solution = useSuspenseQuery(solutionQuery(id)).data
  const { reference, name } = useReference()
  const [open, setOpen] = useState<'edit' | 'version'>()
  const reads = useCan()
  const can = (action: string) => solution.actions.includes(action)
  const industry = name(reference.industries, solution.industry)
  return (
    <>
      <PageHeader
        title={solution.name}
        crumbs={[{ label: t.title, to: '/solutions' }]}
        sub={solution.summary}
        tags={
          <>
            <span className="text-ink-2">{solution.partner_name}</span>
            {solution.latest_state && <State of="version" value={solution.latest_state} />}
          </>
        }
        actions={
          <>
            {can('edit') && (
              <Button icon={<Pencil size={16} aria-hidden />} onPress={() => setOpen('edit')}>
                {t.edit}
              </Button>
            )}
            {can('new_version') && (
              <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOpen('version')}>
                {t.newVersion}
              </Button>
            )}
          </>
        }
      />
      <Cover industry={solution.industry} label={industry} className="mb-8 h-24 rounded-card" />
      <Columns
        aside={
          <>
            <Section title={t.facts}>
              <Card>
                <Facts
                  items={[
                    { label: t.fields.industry, value: industry },
                    { label: t.fields.category, value: name(reference.categories, solution.category) },
                    { label: t.fields.family, value: name(reference.families, solution.family) },
                    { label: t.columns.version, value: solution.latest_semver || '-' },
                  ]}
                />
              </Card>
            </Section>
            <Listings solution={solution} />
            <Suspense>{reads('graduation:read') && <Rise solution={id} />}</Suspense>
          </>
        }
      >
        <Suspense>
          <Prices solution={solution} />
        </Suspense>
        <Versions solution={solution} onNew={can('new_version') ? () => setOpen('version') : undefined} />
      </Columns>
      <Suspense>
        {open === 'edit' && <SolutionDialog solution={solution} onClose={() => setOpen(undefined)} />}
        {open === 'version' && <VersionDialog solution={solution} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </>
  )
}

function Versions({ solution, onNew }: { solution: Solution; onNew?: () => void }) {
  const t = useSolutions()
  const onSale = new Set(solution.listings.filter((listing) => listing.state === 'live').map((listing) => listing.version_id))
  return (
    <Section title={t.versions}>
      {solution.versions.length === 0 ? (
        <EmptyState title={t.firstVersion} action={onNew && <Button onPress={onNew}>{t.newVersion}</Button>}>
          {t.firstVersionWhy}
        </EmptyState>
      ) : (
        <Timeline
          label={t.versions}
          items={solution.versions.map((version, index) => ({
            id: version.id,
            tone: index === 0 ? 'current' : 'past',
            title: (
              <span className="flex flex-wrap items-center gap-2">
                <Link
                  to={`/versions/${version.id}` as string}
                  className="focus-ring rounded-check font-semibold hover:text-accent-text hover:underline"
                >
                  {version.semver}
                </Link>
                <State of="version" value={version.state} />
                {onSale.has(version.id) && <Tag tone="accent">{t.onSale}</Tag>}
                {version.certification_id && (
                  <Link
                    to={`/certifications/${version.certification_id}` as string}
                    className="text-accent-text text-small hover:underline"
                  >
                    {t.certification}
                  </Link>
                )}
              </span>
            ),
            body: (
              <>
                <p className="whitespace-pre-line text-body">{version.notes || t.noNotes}</p>
                <p className="mt-0.5 inline-flex items-center gap-1.5 text-ink-3">
                  <FileText size={14} aria-hidden />
                  {t.files(version.files)} · {t.by(version.author)}
                </p>
              </>
            ),
            when: <Time value={version.submitted_at ?? version.created_at} as="date" />,
          }))}
        />
      )}
    </Section>
  )
}

function Listings({ solution }: { solution: Solution }) {
  const t = useSolutions()
  const { province } = useDomain()
  return (
    <Section title={t.listings}>
      <Card>
        {solution.listings.length === 0 ? (
          <>
            <p>{t.noListings}</p>
            <p className="text-ink-3 text-small">{t.noListingsWhy}</p>
          </>
        ) : (
          <ul className="flex flex-col gap-2.5">
            {solution.listings.map((listing) => (
              <li key={listing.id} className="flex items-center justify-between gap-3">
                <Link to={`/listings/${listing.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
                  {listing.scope === 'province' ? province : listing.scope_name} <span className="text-ink-3">{listing.semver}</span>
                </Link>
                <State of="listing" value={listing.state} />
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Section>
  )
}
