import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { type Column, DataTable } from '../../shared/ui/DataTable'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State, useTotal } from '../../shared/ui/Record'
import { SearchField } from '../../shared/ui/SearchField'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Due, Time } from '../../shared/ui/Text'
import { type PartnerFilter, type PartnerRow, partnersQuery } from './queries'
import { usePartner } from './words'

export function PartnersPage() {
  const t = usePartner()
  return (
    <Page width="full" fill>
      <PageHeader title={t.list.title} sub={t.list.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

const states = ['under_review', 'more_info', 'active', 'suspended', 'rejected', 'contested'] as const

function List() {
  const t = usePartner()
  const d = useDomain()
  const can = useCan()
  const total = useTotal()
  const [filter, set] = useFilters<PartnerFilter>()
  const state = filter.state ?? (can('partner:vet') ? 'queue' : 'all')
  const list = usePages(partnersQuery({ ...filter, state }))
  const columns: Column<PartnerRow>[] = [
    {
      id: 'name',
      header: t.columns.name,
      isFixed: true,
      cell: (row) => (
        <Named to={can('partner:read_own') ? `/partners/${row.id}` : undefined} className="focus-ring rounded-check hover:text-accent-text">
          {row.legal_name}
        </Named>
      ),
    },
    { id: 'code', header: t.columns.code, cell: (row) => <span className="num text-ink-3">{row.credit_code}</span> },
    {
      id: 'capabilities',
      header: t.columns.capabilities,
      cell: (row) => row.capabilities.map((one) => wordOf(d.capability, one)).join(' · '),
    },
    { id: 'tier', header: t.columns.tier, cell: (row) => wordOf(d.tier, row.tier) },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="partner" value={row.state} /> },
    { id: 'checks', header: t.columns.checks, cell: (row) => <ChecksCell row={row} /> },
    { id: 'applied', header: t.columns.applied, cell: (row) => <Time value={row.applied_at} as="date" className="text-ink-3" /> },
    { id: 'due', header: t.columns.due, cell: (row) => (row.due_at ? <Due at={row.due_at} /> : '-') },
  ]
  const filtered = !!filter.q || state !== 'queue'
  return (
    <DataTable
      id="partners"
      label={t.list.title}
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={can('partner:read_own') ? (row) => `/partners/${row.id}` : undefined}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => <Card row={row} />}
      toolbar={
        <>
          <StateTabs
            label={t.columns.state}
            value={state}
            onChange={(next) => set({ state: next })}
            items={[
              ...(can('partner:vet') ? [{ id: 'queue', label: t.list.queue, count: state === 'queue' ? list.total : undefined }] : []),
              { id: 'all', label: t.list.all, count: state === 'all' ? list.total : undefined },
              ...states.map((id) => ({ id, label: d.states.partner[id], count: state === id ? list.total : undefined })),
            ]}
          />
          <SearchField label={t.list.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
          <span className="sr-only" role="status">
            {total(list.total, list.estimated)}
          </span>
        </>
      }
      empty={
        <EmptyState
          title={filtered ? t.list.empty : t.list.emptyQueue}
          action={<Button onPress={() => set({ q: undefined, state: 'all' })}>{filtered ? t.list.clear : t.list.showAll}</Button>}
        >
          {filtered ? t.list.emptyWhy : t.list.emptyQueueWhy}
        </EmptyState>
      }
    />
  )
}

function ChecksCell({ row }: { row: PartnerRow }) {
  const t = usePartner()
  if (row.renewals) return <span className="text-amber text-small">{t.renewals.open(row.renewals)}</span>
  if (!row.checks_failed) return <span className="text-jade text-small">{t.passed}</span>
  return (
    <span className="inline-flex items-center gap-1 text-cinnabar text-small">
      <TriangleAlert size={14} aria-hidden />
      {t.failed(row.checks_failed)}
    </span>
  )
}

function Card({ row }: { row: PartnerRow }) {
  const can = useCan()
  return (
    <Named to={can('partner:read_own') ? `/partners/${row.id}` : undefined} className="focus-ring flex flex-col gap-1.5 p-4">
      <span className="flex items-start justify-between gap-3">
        <span className="font-medium">{row.legal_name}</span>
        <State of="partner" value={row.state} />
      </span>
      <span className="flex items-center justify-between gap-3">
        <ChecksCell row={row} />
        {row.due_at && <Due at={row.due_at} />}
      </span>
    </Named>
  )
}

/** Who may only know that the partner is there gets no way into a page that would refuse. */
function Named({ to, className, children }: { to?: string; className: string; children: ReactNode }) {
  return to ? (
    <Link to={to as string} className={className}>
      {children}
    </Link>
  ) : (
    <span className={className}>{children}</span>
  )
}
