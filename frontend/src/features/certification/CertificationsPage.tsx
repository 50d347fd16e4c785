import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { usePages } from '../../shared/api/pages'
import { useCan } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
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
import { type CertificationRow, certificationsQuery, type Filter } from './queries'
import { useCertification } from './words'

export function CertificationsPage() {
  const t = useCertification()
  return (
    <Page width="full" fill>
      <PageHeader title={t.title} sub={t.sub} />
      <Part>
        <List />
      </Part>
    </Page>
  )
}

const AssignDialog = lazy(() => import('./AssignDialog'))
const states = ['testing', 'in_review', 'changes_requested', 'certified', 'rejected'] as const

function List() {
  const t = useCertification()
  const d = useDomain()
  const [filter, set] = useFilters<Filter>()
  const tab = filter.state ?? 'mine'
  const mayAssign = useCan()('certification:assign')
  const [keys, setKeys] = useState(new Set<string>())
  const [assigning, setAssigning] = useState(false)
  const list = usePages(certificationsQuery({ tab, q: filter.q }))
  const columns: Column<CertificationRow>[] = [
    { id: 'number', header: t.columns.number, cell: (row) => <span className="text-ink-3">{row.number}</span> },
    {
      id: 'solution',
      header: t.columns.solution,
      isFixed: true,
      cell: (row) => (
        <Link to={`/certifications/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
          {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
        </Link>
      ),
    },
    { id: 'partner', header: t.columns.partner, cell: (row) => row.partner_name },
    { id: 'stage', header: t.columns.stage, cell: (row) => wordOf(d.certificationStage, row.stage) || '-' },
    { id: 'state', header: t.columns.state, cell: (row) => <State of="certification" value={row.state} /> },
    {
      id: 'findings',
      header: t.columns.findings,
      align: 'end',
      cell: (row) => (row.open_findings ? <span className="text-amber">{row.open_findings}</span> : '-'),
    },
    {
      id: 'tester',
      header: t.columns.tester,
      cell: (row) => row.tester_name || (row.queue ? <span className="text-ink-3">{t.place(row.queue.place, row.queue.of)}</span> : '-'),
    },
    {
      id: 'promised',
      header: t.promised,
      cell: (row) => (row.clock.promised_at ? <Time value={row.clock.promised_at} as="date" /> : '-'),
    },
    { id: 'clock', header: t.columns.clock, align: 'end', cell: (row) => <ClockCell row={row} /> },
  ]
  const count = (id: string) => (tab === id ? list.total : undefined)
  return (
    <DataTable
      id="certifications"
      label={t.title}
      selection={mayAssign && tab === 'unclaimed' ? keys : undefined}
      onSelection={setKeys}
      bulk={
        <>
          <Button size="small" isDisabled={keys.size > 50} onPress={() => setAssigning(true)}>
            {t.more.assign}
          </Button>
          <Suspense>
            {assigning && <AssignDialog ids={[...keys]} onClose={() => setAssigning(false)} onDone={() => setKeys(new Set())} />}
          </Suspense>
        </>
      }
      columns={columns}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/certifications/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      card={(row) => (
        <Link to={`/certifications/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">
              {row.solution_name} <span className="font-normal text-ink-3">{row.semver}</span>
            </span>
            <State of="certification" value={row.state} />
          </span>
          <span className="flex justify-between gap-3 text-ink-3 text-small">
            <span>
              {row.partner_name} · {wordOf(d.certificationStage, row.stage)}
            </span>
            <ClockCell row={row} />
          </span>
        </Link>
      )}
      toolbar={
        <>
          <StateTabs
            label={t.columns.state}
            value={tab}
            onChange={(state) => set({ state })}
            items={[
              { id: 'mine', label: t.tabs.mine, count: count('mine') },
              ...(mayAssign ? [{ id: 'unclaimed', label: t.tabs.unclaimed, count: count('unclaimed') }] : []),
              { id: 'overdue', label: t.tabs.overdue, count: count('overdue') },
              { id: 'by_machine', label: t.tabs.by_machine, count: count('by_machine') },
              { id: 'all', label: t.tabs.all, count: count('all') },
              ...states.map((id) => ({ id: id as string, label: d.states.certification[id], count: count(id) })),
            ]}
          />
          <SearchField label={t.search} value={filter.q ?? ''} onChange={(q) => set({ q })} className="max-w-72 basis-48" />
        </>
      }
      empty={
        tab === 'mine' && !filter.q ? (
          <EmptyState title={t.emptyMine} action={<Button onPress={() => set({ state: 'all' })}>{t.seeAll}</Button>}>
            {t.emptyMineWhy}
          </EmptyState>
        ) : (
          <EmptyState title={t.empty} action={<Button onPress={() => set({ q: undefined, state: 'all' })}>{t.clear}</Button>}>
            {t.emptyWhy}
          </EmptyState>
        )
      }
    />
  )
}

function ClockCell({ row }: { row: CertificationRow }) {
  const t = useCertification()
  const { clock } = row
  const waits = clock.holder === 'partner' ? t.waitingPartner : clock.holder === 'stopped' ? t.stopped : ''
  return (
    <span className={clock.overdue ? 'text-cinnabar' : waits ? 'text-amber' : undefined}>
      {t.used(Math.round(clock.operator_days * 10) / 10, clock.budget_days)}
      {clock.overdue ? ` · ${t.overdue}` : waits && ` · ${waits}`}
    </span>
  )
}
