import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { DueOn } from './DueOn'
import { type Delivery, deliveriesQuery, type Filter } from './queries'
import { useOrders } from './words'

const Capacity = lazy(() => import('./Capacity'))

const states = ['open', 'waiting', 'in_progress', 'done', 'accepted'] as const

export function DeliveriesPage() {
  const { deliveries: t } = useOrders()
  const can = useCan()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          can('delivery:work') && (
            <Suspense>
              <Capacity />
            </Suspense>
          )
        }
      />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

function List() {
  const t = useOrders()
  const d = useDomain()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(deliveriesQuery({ state: filter.state ?? 'open' }))
  const columns: Column<Delivery>[] = [
    {
      id: 'account',
      header: t.columns.account,
      isFixed: true,
      cell: (row) => (
        <Link to={`/deliveries/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.account_name}
        </Link>
      ),
    },
    { id: 'solution', header: t.columns.solution, cell: (row) => row.solution_name },
    { id: 'elements', header: t.columns.elements, cell: (row) => row.elements.join('、') },
    {
      id: 'tasks',
      header: t.deliveries.plan,
      cell: (row) =>
        row.tasks.length ? (
          <span className="num">{t.deliveries.doneOf(row.tasks.filter((task) => task.done_at).length, row.tasks.length)}</span>
        ) : (
          '-'
        ),
    },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="delivery" value={row.state} /> },
    { id: 'due', header: t.columns.due, cell: (row) => <DueOn day={row.due_on} overdue={row.overdue} /> },
    { id: 'number', header: t.deliveries.order, cell: (row) => <span className="text-ink-3">{row.order_number}</span> },
  ]
  const count = (id: string) => ((filter.state ?? 'open') === id ? list.total : undefined)
  return (
    <DataTable
      id="deliveries"
      label={t.deliveries.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/deliveries/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/deliveries/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.account_name}</span>
            <State of="delivery" value={row.state} />
          </span>
          <span className="flex justify-between gap-3 text-small">
            <span className="truncate text-ink-3">{row.solution_name}</span>
            <DueOn day={row.due_on} overdue={row.overdue} />
          </span>
        </Link>
      )}
      toolbar={
        <StateTabs
          label={t.columns.state}
          value={filter.state ?? 'open'}
          onChange={(state) => set({ state: state === 'open' ? undefined : state })}
          items={[
            ...states.map((id) => ({
              id: id as string,
              label: id === 'open' ? t.deliveries.open : d.states.delivery[id],
              count: count(id),
            })),
            { id: 'all', label: d.all, count: count('all') },
          ]}
        />
      }
      empty={
        <EmptyState
          title={filter.state ? t.noMatch : t.deliveries.empty}
          action={filter.state && <Button onPress={() => set({ state: undefined })}>{t.clear}</Button>}
        >
          {filter.state ? t.noMatchWhy : t.deliveries.emptyWhy}
        </EmptyState>
      }
    />
  )
}
