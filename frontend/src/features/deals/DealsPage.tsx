import { Link } from '@tanstack/react-router'
import { Plus, X } from 'lucide-react'
import { lazy } from 'react'
import { usePages } from '../../shared/api/pages'
import { useReference } from '../../shared/api/reference'
import { useCan, useMe } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State, useTotal } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { SegmentedControl, StateTabs } from '../../shared/ui/Tabs'
import { Due, Money, Time } from '../../shared/ui/Text'
import { type DealRow, dealsQuery, type Filter } from './queries'
import { useDeals } from './words'

const Funnel = lazy(() => import('./Funnel'))

const states = ['registered', 'under_review', 'protected', 'won', 'lost', 'expired', 'rejected'] as const

export function DealsPage() {
  const t = useDeals()
  const can = useCan()
  const [filter, set] = useFilters<Filter>()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <>
            <ExportLink path="/api/deals/export.xlsx" filter={{ state: filter.state, stage: filter.stage, q: filter.q }} />
            {can('deal:register') && <Register primary />}
          </>
        }
      />
      <div className="mb-4">
        <SegmentedControl
          label={t.funnel.view}
          value={filter.view === 'funnel' ? 'funnel' : 'list'}
          onChange={(view) => set({ view: view === 'funnel' ? view : undefined, stage: undefined })}
          items={[
            { id: 'list', label: t.funnel.list },
            { id: 'funnel', label: t.funnel.title },
          ]}
        />
      </div>
      <Part>{filter.view === 'funnel' ? <Funnel /> : <List />}</Part>
    </Page>
  )
}

function Register({ primary }: { primary?: boolean }) {
  const t = useDeals()
  return (
    <LinkButton to={'/deals/new' as string} variant={primary ? 'primary' : 'secondary'} icon={<Plus size={16} aria-hidden />}>
      {t.register}
    </LinkButton>
  )
}

function List() {
  const t = useDeals()
  const d = useDomain()
  const can = useCan()
  const total = useTotal()
  const { membership } = useMe()
  const { reference } = useReference()
  const [filter, set] = useFilters<Filter>()
  const list = usePages(dealsQuery(filter))
  const mine = membership.tenant_kind === 'partner'
  const city = (code: string) => reference.cities.find((one) => one.code === code)?.name ?? code
  const columns: Column<DealRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'account',
      header: t.columns.account,
      isFixed: true,
      cell: (row) => (
        <Link to={`/deals/${row.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
          {row.account_name}
        </Link>
      ),
    },
    { id: 'products', header: t.columns.products, cell: (row) => row.products.join('、') },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="deal" value={row.state} /> },
    { id: 'stage', header: t.columns.stage, cell: (row) => d.salesStage[row.stage] },
    { id: 'until', header: t.columns.until, cell: (row) => <When row={row} /> },
    { id: 'amount', header: t.columns.amount, align: 'end', cell: (row) => <Money fen={row.amount_fen} trim /> },
    ...(mine
      ? [
          {
            id: 'expected',
            header: t.columns.expected,
            align: 'end' as const,
            cell: (row: DealRow) => <Money fen={row.expected_commission_fen} trim className="text-accent-text" />,
          },
        ]
      : [{ id: 'partner', header: t.columns.partner, cell: (row: DealRow) => row.partner_name }]),
    { id: 'agent', header: t.columns.agent, cell: (row) => row.agent_name },
    ...(membership.tenant_kind === 'city' ? [] : [{ id: 'city', header: t.columns.city, cell: (row: DealRow) => city(row.city_code) }]),
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  const filtered = !!(filter.q || filter.state || filter.stage)
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  return (
    <DataTable
      id="deals"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/deals/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/deals/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.account_name}</span>
            <State of="deal" value={row.state} />
          </span>
          <span className="truncate text-ink-3 text-small">{row.products.join('、')}</span>
          <span className="num flex items-center justify-between gap-3 text-small">
            <Money fen={row.amount_fen} trim />
            <When row={row} />
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
              ...states.map((id) => ({ id: id as string, label: d.states.deal[id], count: count(id) })),
            ]}
          />
          {filter.stage && (
            <Button size="small" icon={<X size={14} aria-hidden />} onPress={() => set({ stage: undefined })}>
              {t.funnel.only(d.salesStage[filter.stage as DealRow['stage']])}
            </Button>
          )}
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          <span className="sr-only" role="status">
            {total(list.total, list.estimated)}
          </span>
        </>
      }
      empty={
        filtered ? (
          <EmptyState
            title={t.noMatch}
            action={<Button onPress={() => set({ q: undefined, state: undefined, stage: undefined })}>{t.clear}</Button>}
          >
            {t.noMatchWhy}
          </EmptyState>
        ) : can('deal:register') ? (
          <EmptyState title={t.empty} action={<Register />}>
            {t.emptyWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.emptyReview}>{t.emptyReviewWhy}</EmptyState>
        )
      }
    />
  )
}

/** What runs out: the review of a new deal, the protection of an approved one. */
function When({ row }: { row: DealRow }) {
  if (row.state === 'protected' && row.protected_until) return <Due at={row.protected_until} />
  if ((row.state === 'registered' || row.state === 'under_review') && row.due_at) return <Due at={row.due_at} />
  return <span className="text-ink-3">-</span>
}
