import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Money, Time } from '../../shared/ui/Text'
import { type Filter, type QuoteRow, quotesQuery } from './queries'
import { ListSwitch } from './Tabs'
import { useOrders } from './words'

export function QuotesPage() {
  const t = useOrders()
  const can = useCan()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.quotes}
        sub={t.sub}
        actions={
          can('quote:write') && (
            <LinkButton to={'/quotes/new' as string} variant="primary" icon={<Plus size={16} aria-hidden />}>
              {t.newQuote}
            </LinkButton>
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
  const [filter, set] = useFilters<Filter>()
  const mayApprove = useCan()('quote:approve')
  const list = usePages(quotesQuery(filter))
  const columns: Column<QuoteRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'account',
      header: t.columns.account,
      isFixed: true,
      cell: (row) => (
        <Link to={`/quotes/${row.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
          {row.account_name}
        </Link>
      ),
    },
    { id: 'solution', header: t.columns.solution, cell: (row) => row.solution_name },
    { id: 'total', header: t.columns.total, align: 'end', cell: (row) => <Money fen={row.total_fen} /> },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="quote" value={row.state} /> },
    { id: 'valid', header: t.columns.valid, cell: (row) => <Time value={row.valid_until} as="date" className="text-ink-3" /> },
    { id: 'updated', header: t.columns.updated, cell: (row) => <Time value={row.updated_at} as="date" className="text-ink-3" /> },
  ]
  return (
    <DataTable
      id="quotes"
      label={t.quotes}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/quotes/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/quotes/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.account_name}</span>
            <State of="quote" value={row.state} />
          </span>
          <span className="num flex justify-between gap-3 text-ink-3 text-small">
            <span className="truncate">{row.solution_name}</span>
            <Money fen={row.total_fen} />
          </span>
        </Link>
      )}
      toolbar={
        <>
          <ListSwitch value="quotes" />
          {mayApprove && (
            <SegmentedControl
              label={t.approval.mine}
              value={filter.mine ? 'mine' : 'all'}
              onChange={(next) => set({ mine: next === 'mine' ? true : undefined })}
              items={[
                { id: 'mine', label: t.approval.mine },
                { id: 'all', label: t.approval.all },
              ]}
            />
          )}
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        filter.q || filter.mine ? (
          <EmptyState title={t.noMatch} action={<Button onPress={() => set({ q: undefined, mine: undefined })}>{t.clear}</Button>}>
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.emptyQuotes}>{t.emptyQuotesWhy}</EmptyState>
        )
      }
    />
  )
}
