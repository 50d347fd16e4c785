import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Time } from '../../shared/ui/Text'
import { type Filter, type ListingRow, listingsQuery } from './queries'
import { useListings } from './words'

const OfferDialog = lazy(() => import('./OfferDialog'))
const states = ['draft', 'pending_approval', 'scheduled', 'live', 'suspended', 'retired'] as const

export function ListingsPage() {
  const t = useListings()
  const can = useCan()
  const [offering, setOffering] = useState(false)
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <>
            <LinkButton to={'/overlays' as string}>{t.overlays}</LinkButton>
            {can('listing:write') && (
              <Button variant="primary" icon={<Plus size={16} aria-hidden />} onPress={() => setOffering(true)}>
                {t.offer}
              </Button>
            )}
          </>
        }
      />
      <Part>
        <List onOffer={can('listing:write') ? () => setOffering(true) : undefined} />
      </Part>
      <Suspense>{offering && <OfferDialog onClose={() => setOffering(false)} />}</Suspense>
    </Page>
  )
}

function List({ onOffer }: { onOffer?: () => void }) {
  const t = useListings()
  const d = useDomain()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(listingsQuery(filter))
  const scope = (row: ListingRow) => (row.scope === 'province' ? d.province : row.scope_name)
  const columns: Column<ListingRow>[] = [
    {
      id: 'solution',
      header: t.columns.solution,
      isFixed: true,
      cell: (row) => (
        <Link to={`/listings/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
        </Link>
      ),
    },
    { id: 'partner', header: t.columns.partner, cell: (row) => row.partner_name },
    { id: 'scope', header: t.columns.scope, cell: scope },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="listing" value={row.state} /> },
    { id: 'reason', header: t.columns.reason, cell: (row) => <span title={row.reason}>{row.reason}</span> },
    { id: 'live', header: t.columns.live, cell: (row) => <Time value={row.live_at} as="date" className="text-ink-3" /> },
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const filtered = !!(filter.q || filter.state)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="listings"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/listings/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/listings/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">
              {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
            </span>
            <State of="listing" value={row.state} />
          </span>
          <span className="text-ink-3 text-small">
            {row.partner_name} · {scope(row)}
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
              ...states.map((id) => ({ id: id as string, label: d.states.listing[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        <EmptyState
          title={filtered ? t.noMatch : t.empty}
          action={
            filtered ? (
              <Button onPress={() => set({ q: undefined, state: undefined })}>{t.clear}</Button>
            ) : (
              onOffer && <Button onPress={onOffer}>{t.offer}</Button>
            )
          }
        >
          {filtered ? t.noMatchWhy : t.emptyWhy}
        </EmptyState>
      }
    />
  )
}
