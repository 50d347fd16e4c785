import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { usePages } from '../../shared/api/pages'
import { useReference } from '../../shared/api/reference'
import { useCan, useMe } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Time } from '../../shared/ui/Text'
import { type SolutionFilter, type SolutionRow, solutionsQuery } from './queries'
import { useSolutions } from './words'

const SolutionDialog = lazy(() => import('./SolutionDialog'))
const tabs = ['draft', 'in_test', 'in_review', 'changes_requested', 'certified'] as const

export function SolutionsPage() {
  const t = useSolutions()
  const can = useCan()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  const mine = can('solution:write')
  return (
    <Page width="full" fill>
      <PageHeader
        title={mine ? t.title : t.library}
        sub={t.sub}
        actions={
          mine && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setCreating(true)}>
              {t.create}
            </Button>
          )
        }
      />
      <Part>
        <List onCreate={mine ? () => setCreating(true) : undefined} />
      </Part>
      <Suspense>
        {creating && (
          <SolutionDialog
            onClose={() => setCreating(false)}
            onDone={(solution) => void navigate({ to: `/solutions/${solution.id}` as string })}
          />
        )}
      </Suspense>
    </Page>
  )
}

function List({ onCreate }: { onCreate?: () => void }) {
  const t = useSolutions()
  const d = useDomain()
  const { membership } = useMe()
  const { reference, name } = useReference()
  const [filter, set] = useFilters<SolutionFilter>()
  const list = usePages(solutionsQuery(filter))
  const filtered = !!(filter.q || filter.state)
  const columns: Column<SolutionRow>[] = [
    {
      id: 'name',
      header: t.columns.name,
      isFixed: true,
      cell: (row) => (
        <Link to={`/solutions/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.name}
        </Link>
      ),
    },
    ...(membership.tenant_kind === 'partner'
      ? []
      : [{ id: 'partner', header: t.columns.partner, cell: (row: SolutionRow) => row.partner_name }]),
    {
      id: 'place',
      header: t.columns.place,
      cell: (row) => `${name(reference.industries, row.industry)} · ${name(reference.categories, row.category)}`,
    },
    { id: 'version', header: t.columns.version, cell: (row) => row.latest_semver || '-' },
    { id: 'state', header: t.columns.state, cell: (row) => row.latest_state && <State of="version" value={row.latest_state} /> },
    {
      id: 'listings',
      header: t.columns.listings,
      cell: (row) => (row.live_listings ? t.live(row.live_listings) : <span className="text-ink-3">{t.notLive}</span>),
    },
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="solutions"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/solutions/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/solutions/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.name}</span>
            {row.latest_state && <State of="version" value={row.latest_state} />}
          </span>
          <span className="text-ink-3 text-small">
            {name(reference.industries, row.industry)} · {row.latest_semver} · {row.live_listings ? t.live(row.live_listings) : t.notLive}
          </span>
        </Link>
      )}
      toolbar={
        <>
          <StateTabs
            label={t.columns.state}
            value={filter.state ?? 'all'}
            onChange={(state) => set({ state: state === 'all' ? undefined : state })}
            items={[
              { id: 'all', label: d.all, count: count('all') },
              ...tabs.map((id) => ({ id: id as string, label: d.states.version[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        filtered || !onCreate ? (
          <EmptyState
            title={t.noMatch}
            action={filtered && <Button onPress={() => set({ q: undefined, state: undefined })}>{t.clear}</Button>}
          >
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.empty} action={<Button onPress={onCreate}>{t.create}</Button>}>
            {t.emptyWhy}
          </EmptyState>
        )
      }
    />
  )
}
