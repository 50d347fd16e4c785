import { Link } from '@tanstack/react-router'
import { Plus, X } from 'lucide-react'
import { usePages } from '../../shared/api/pages'
import { useCan, useMe } from '../../shared/api/session'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Checkbox } from '../../shared/ui/Choice'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { ExportLink } from '../../shared/ui/ExportLink'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { State, useTotal } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Due, Time } from '../../shared/ui/Text'
import { type Filter, type TicketRow, ticketsQuery } from './queries'
import { Severity } from './Severity'
import { useTickets } from './words'

const states = ['open', 'in_progress', 'waiting_customer', 'waiting_operator', 'waiting_partner', 'resolved', 'closed'] as const

export function TicketsPage() {
  const t = useTickets()
  const can = useCan()
  const [filter] = useFilters<Filter>()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          <>
            <ExportLink path="/api/tickets/export.xlsx" filter={filter} />
            {can('ticket:open') && (
              <LinkButton to={'/tickets/new' as string} variant="primary" icon={<Plus size={16} aria-hidden />}>
                {t.new}
              </LinkButton>
            )}
          </>
        }
      />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

/** The customer, or what stands in the place of the name. */
const useCustomer = () => {
  const t = useTickets()
  return (row: TicketRow) => row.account_name || (row.account_id ? '' : t.onOffer)
}

function List() {
  const t = useTickets()
  const d = useDomain()
  const total = useTotal()
  const customer = useCustomer()
  const partner = useMe().membership.tenant_kind === 'partner'
  const [filter, set] = useFilters<Filter>()
  const list = usePages(ticketsQuery(filter))
  const columns: Column<TicketRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'subject',
      header: t.columns.subject,
      isFixed: true,
      cell: (row) => (
        <Link to={`/tickets/${row.id}` as string} className="focus-ring rounded-check hover:text-accent-text">
          {row.subject}
        </Link>
      ),
    },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="ticket" value={row.state} /> },
    { id: 'due', header: t.columns.due, cell: (row) => (row.due_at ? <Due at={row.due_at} /> : <span className="text-ink-3">-</span>) },
    { id: 'severity', header: t.columns.severity, cell: (row) => <Severity value={row.severity} /> },
    { id: 'account', header: t.columns.account, cell: (row) => customer(row) },
    { id: 'solution', header: t.columns.solution, cell: (row) => row.solution_name },
    ...(partner ? [] : [{ id: 'supplier', header: t.columns.supplier, cell: (row: TicketRow) => row.partner_name }]),
    { id: 'opened', header: t.columns.opened, cell: (row) => <Time value={row.opened_at} className="text-ink-3" /> },
  ]
  const { sort, ...narrowing } = filter
  const filtered = Object.keys(narrowing).length > 0
  const count = (id: string) => ((filter.state ?? 'all') === id ? list.total : undefined)
  const nothing = Object.fromEntries(Object.keys(narrowing).map((key) => [key, undefined]))
  return (
    <DataTable
      id="tickets"
      label={t.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/tickets/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/tickets/${row.id}` as string} className="focus-ring flex flex-col gap-1.5 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.subject}</span>
            <State of="ticket" value={row.state} />
          </span>
          <span className="truncate text-ink-3 text-small">{[customer(row), row.solution_name].filter(Boolean).join(' · ')}</span>
          <span className="flex items-center justify-between gap-3">
            <Severity value={row.severity} />
            {row.due_at && <Due at={row.due_at} />}
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
              ...states.map((id) => ({ id: id as string, label: d.states.ticket[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          <NativeSelect
            label={t.columns.severity}
            hideLabel
            options={[{ id: '', label: t.anySeverity }, ...optionsOf(d.severity)]}
            value={filter.severity ?? ''}
            onChange={(severity) => set({ severity: severity || undefined })}
          />
          <NativeSelect
            label={t.sort}
            hideLabel
            options={optionsOf(t.sorts)}
            value={sort === 'due' ? 'due' : '-opened'}
            onChange={(next) => set({ sort: next === 'due' ? next : undefined })}
          />
          <Checkbox isSelected={!!filter.overdue} onChange={(overdue) => set({ overdue })}>
            {t.overdue}
          </Checkbox>
          <Checkbox isSelected={!!filter.mine} onChange={(mine) => set({ mine })}>
            {t.mine}
          </Checkbox>
          <From filter={filter} onClear={set} rows={list.rows} />
          <span className="sr-only" role="status">
            {total(list.total, list.estimated)}
          </span>
        </>
      }
      empty={
        filtered ? (
          <EmptyState title={t.noMatch} action={<Button onPress={() => set(nothing)}>{t.clear}</Button>}>
            {t.noMatchWhy}
          </EmptyState>
        ) : (
          <EmptyState title={partner ? t.emptyWork : t.empty}>{partner ? t.emptyWorkWhy : t.emptyWhy}</EmptyState>
        )
      }
    />
  )
}

/** What a figure of the response speed led here by; pressing takes it away. */
function From({ filter, onClear, rows }: { filter: Filter; onClear: (patch: Partial<Filter>) => void; rows: TicketRow[] }) {
  const t = useTickets()
  const partner = useMe().membership.tenant_kind === 'partner'
  const chips: [keyof Filter, string][] = []
  if (filter.supplier && !partner) chips.push(['supplier', rows[0]?.partner_name ?? t.columns.supplier])
  if (filter.month) chips.push(['month', t.months(filter.month)])
  if (filter.missed === 'response' || filter.missed === 'resolution') chips.push(['missed', t.missed[filter.missed]])
  return chips.map(([key, text]) => (
    <Button key={key} size="small" aria-label={t.drop(text)} onPress={() => onClear({ [key]: undefined })}>
      {text}
      <X size={14} aria-hidden />
    </Button>
  ))
}
