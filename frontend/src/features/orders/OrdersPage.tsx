import { Link } from '@tanstack/react-router'
import { lazy } from 'react'
import { usePages } from '../../shared/api/pages'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Money, Time } from '../../shared/ui/Text'
import { DueOn } from './DueOn'
import { type Filter, type OrderRow, ordersQuery } from './queries'
import { ListSwitch } from './Tabs'
import { useOrders } from './words'

const Board = lazy(() => import('./Board'))

const states = ['submitted', 'accepted', 'provisioning', 'delivered', 'active', 'ended', 'cancelled'] as const

export function OrdersPage() {
  const t = useOrders()
  const [filter] = useFilters<Filter>()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={<ExportLink path="/api/orders/export.xlsx" filter={{ q: filter.q, state: filter.state }} />}
      />
      <Part>{filter.view === 'board' ? <BoardView /> : <List />}</Part>
    </Page>
  )
}

function BoardView() {
  const t = useOrders()
  const [filter, set] = useFilters<Filter>()
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <ListSwitch value="board" />
        <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
      </div>
      <Board q={filter.q} />
    </>
  )
}

function List() {
  const t = useOrders()
  const d = useDomain()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(ordersQuery(filter))
  const columns: Column<OrderRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'account',
      header: t.columns.account,
      isFixed: true,
      cell: (row) => (
        <Link to={`/orders/${row.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
          {row.account_name}
        </Link>
      ),
    },
    { id: 'solution', header: t.columns.solution, cell: (row) => row.solution_name },
    { id: 'seller', header: t.columns.seller, cell: (row) => row.seller_name },
    { id: 'supplier', header: t.columns.supplier, cell: (row) => row.supplier_name },
    { id: 'total', header: t.columns.total, align: 'end', cell: (row) => <Money fen={row.total_fen} /> },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="order" value={row.state} /> },
    { id: 'due', header: t.columns.due, cell: (row) => <DueOn day={row.due_on} overdue={row.overdue} /> },
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const filtered = !!(filter.q || filter.state)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="orders"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/orders/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/orders/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.account_name}</span>
            <State of="order" value={row.state} />
          </span>
          <span className="truncate text-ink-3 text-small">{row.solution_name}</span>
          <span className="flex justify-between gap-3 text-small">
            <Money fen={row.total_fen} />
            <DueOn day={row.due_on} overdue={row.overdue} />
          </span>
        </Link>
      )}
      toolbar={
        <>
          <ListSwitch value="orders" />
          <StateTabs
            label={t.columns.state}
            value={filter.state ?? 'all'}
            onChange={(state) => set({ state: state === 'all' ? undefined : state })}
            items={[
              { id: 'all', label: d.all, count: count('all') },
              ...states.map((id) => ({ id: id as string, label: d.states.order[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        filtered ? (
          <EmptyState title={t.noMatch} action={<Button onPress={() => set({ q: undefined, state: undefined })}>{t.clear}</Button>}>
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
        )
      }
    />
  )
}
