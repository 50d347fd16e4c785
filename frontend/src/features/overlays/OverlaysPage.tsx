import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { formatCount } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { type Filter, type OverlayRow, overlaysQuery } from './queries'
import { useOverlays } from './words'

export function OverlaysPage() {
  const t = useOverlays()
  return (
    <Page width="full" fill>
      <PageHeader title={t.title} sub={t.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

export function OverlayState({ row }: { row: OverlayRow }) {
  const t = useOverlays()
  return (
    <span className="inline-flex items-center gap-2">
      <Tag tone={row.state === 'drifting' ? 'amber' : 'jade'}>{t.states[row.state]}</Tag>
      {row.late && <span className="text-cinnabar text-small">{t.late}</span>}
    </span>
  )
}

function List() {
  const t = useOverlays()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(overlaysQuery(filter))
  const due = (row: OverlayRow) => (row.due_at ? <Time value={row.due_at} as="date" className={row.late ? 'text-cinnabar' : ''} /> : '-')
  const columns: Column<OverlayRow>[] = [
    {
      id: 'solution',
      header: t.columns.solution,
      isFixed: true,
      cell: (row) => (
        <Link to={`/overlays/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.solution_name}
        </Link>
      ),
    },
    { id: 'city', header: t.columns.city, cell: (row) => row.city_name },
    { id: 'state', header: t.columns.state, cell: (row) => <OverlayState row={row} /> },
    { id: 'due', header: t.columns.due, cell: due },
    { id: 'prices', header: t.columns.prices, align: 'end', cell: (row) => formatCount(row.prices) },
    { id: 'files', header: t.columns.files, align: 'end', cell: (row) => formatCount(row.files) },
    { id: 'deliverer', header: t.columns.deliverer, cell: (row) => row.deliverer_name || '-' },
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const filtered = !!(filter.q || filter.state || filter.listing)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="overlays"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id ?? row.listing_id}
      href={(row) => `/overlays/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/overlays/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.solution_name}</span>
            <OverlayState row={row} />
          </span>
          <span className="flex justify-between gap-3 text-ink-3 text-small">
            <span>{row.city_name}</span>
            {row.due_at && due(row)}
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
              { id: 'all', label: t.all, count: count('all') },
              { id: 'drifting', label: t.states.drifting, count: count('drifting') },
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          <ExportLink path="/api/overlays/export.xlsx" filter={filter} />
        </>
      }
      empty={
        filtered ? (
          <EmptyState
            title={t.noMatch}
            action={<Button onPress={() => set({ q: undefined, state: undefined, listing: undefined })}>{t.clear}</Button>}
          >
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
        )
      }
    />
  )
}
