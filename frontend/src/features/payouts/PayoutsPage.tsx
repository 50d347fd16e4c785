import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Upload } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { usePages } from '../../shared/api/pages'
import { explain } from '../../shared/api/problem'
import { useCan } from '../../shared/api/session'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { useFilters } from '../../shared/lib/search'
import { formatTime } from '../../shared/lib/time'
import { Button, LinkButton } from '../../shared/ui/Button'
import { DataTable } from '../../shared/ui/DataTable'
import { Card, Figures, Page, PageHeader } from '../../shared/ui/Layout'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { StateTabs } from '../../shared/ui/Tabs'
import { Money } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { approveReady, type BatchRow, batchesQuery, deskQuery, type Layout, makeBatch } from './queries'
import { usePayouts } from './words'

const touches = ['payout', 'statement', 'period', 'home']

export function PayoutsPage() {
  const t = usePayouts()
  const can = useCan()
  return (
    <Page width="full" fill>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          can('payout:answer') && (
            <LinkButton to={'/feeds' as string} search={{ kind: 'answers' } as never} icon={<Upload size={16} aria-hidden />}>
              {t.answers}
            </LinkButton>
          )
        }
      />
      <Part>
        <Desk />
        <List />
      </Part>
    </Page>
  )
}

/** What could be paid now, and the two steps that get it there. */
function Desk() {
  const t = usePayouts()
  const can = useCan()
  const desk = useSuspenseQuery(deskQuery).data
  const [layout, setLayout] = useState<Layout>('standard')
  const onError = (error: Parameters<typeof explain>[0]) => toast(explain(error), { bad: true })
  const approve = useWrite({
    run: (_: undefined, { headers }) => approveReady(headers),
    touches,
    onDone: (result) => toast(t.approvedNote(result.approved, result.waiting)),
    onError,
  })
  const make = useWrite({ run: (next: Layout, { headers }) => makeBatch(next, headers), touches, onDone: () => toast(t.made), onError })
  return (
    <Card className="mb-4">
      <Figures
        items={[
          { label: t.ready, value: <Money fen={desk.ready_fen} trim />, context: t.readyOf(formatCount(desk.ready)) },
          { label: t.confirmed, value: formatCount(desk.confirmed), context: t.confirmedOf(formatCount(desk.confirmed)) },
          ...(desk.ready_internal
            ? [{ label: t.internal, value: <Money fen={desk.internal_fen} trim />, context: t.readyOf(formatCount(desk.ready_internal)) }]
            : []),
        ]}
      />
      <div className="mt-4 flex flex-wrap items-end gap-3 border-line border-t pt-4">
        {can('payout:make') && (
          <>
            <NativeSelect label={t.layout} value={layout} onChange={setLayout} options={optionsOf(t.layouts)} />
            <Button
              variant={desk.ready ? 'primary' : undefined}
              isDisabled={layout === 'internal' ? !desk.ready_internal : !desk.ready}
              isPending={make.isPending}
              onPress={() => make.mutate(layout)}
            >
              {t.make}
            </Button>
          </>
        )}
        {can('statement:issue') && (
          <Button isDisabled={!desk.confirmed} isPending={approve.isPending} onPress={() => approve.mutate(undefined)}>
            {t.approveReady}
          </Button>
        )}
        <p className="basis-full text-ink-3 text-small">{t.makeWhy}</p>
      </div>
    </Card>
  )
}

const states = ['made', 'checked', 'sent', 'reconciled'] as const

function List() {
  const t = usePayouts()
  const d = useDomain()
  const [filter, set] = useFilters<{ state?: string }>()
  const list = usePages(batchesQuery(filter))
  return (
    <DataTable
      id="payouts"
      label={t.batches}
      rows={list.rows}
      rowKey={(row) => row.id}
      href={(row) => `/payouts/${row.id}`}
      hasMore={list.hasMore}
      onMore={list.onMore}
      columns={[
        {
          id: 'number',
          header: t.number,
          isFixed: true,
          cell: (row: BatchRow) => (
            <Link to={`/payouts/${row.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
              {row.number}
            </Link>
          ),
        },
        { id: 'state', header: t.state, cell: (row) => <State of="payout_batch" value={row.state} /> },
        { id: 'layout', header: t.layout, cell: (row) => t.layouts[row.layout] },
        { id: 'payouts', header: t.payouts, align: 'end', cell: (row) => formatCount(row.payouts) },
        { id: 'total', header: t.total, align: 'end', cell: (row) => <Money fen={row.total_fen} className="font-medium" /> },
        { id: 'maker', header: t.maker, cell: (row) => row.made_by },
        { id: 'checker', header: t.checker, cell: (row) => row.checked_by || <span className="text-ink-3">-</span> },
        { id: 'created', header: t.created, cell: (row) => formatTime(row.created_at, 'date') },
      ]}
      card={(row) => (
        <Link to={`/payouts/${row.id}` as string} className="focus-ring flex flex-col gap-1 p-4">
          <span className="flex items-start justify-between gap-3">
            <span className="font-medium">{row.number}</span>
            <State of="payout_batch" value={row.state} />
          </span>
          <span className="flex items-center justify-between gap-3 text-small">
            <Money fen={row.total_fen} className="font-medium" />
            <span className="text-ink-3">{`${row.payouts} · ${row.made_by}`}</span>
          </span>
        </Link>
      )}
      toolbar={
        <StateTabs
          label={t.state}
          value={filter.state ?? 'all'}
          onChange={(state) => set({ state: state === 'all' ? undefined : state })}
          items={[
            { id: 'all', label: t.all, count: filter.state ? undefined : list.total },
            ...states.map((id) => ({ id: id as string, label: d.states.payout_batch[id] })),
          ]}
        />
      }
      empty={<EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>}
    />
  )
}
