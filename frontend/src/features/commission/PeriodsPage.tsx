import { useSuspenseQuery } from '@tanstack/react-query'
import { LoaderCircle } from 'lucide-react'
import { usePages } from '../../shared/api/pages'
import { useReference } from '../../shared/api/reference'
import { useCan } from '../../shared/api/session'
import { formatCount } from '../../shared/lib/money'
import { Actions } from '../../shared/ui/Actions'
import { LinkButton } from '../../shared/ui/Button'
import { Card, Figures, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { RecordPage, State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Money } from '../../shared/ui/Text'
import { useLineActs } from './acts'
import { linesQuery, type Period, periodsQuery } from './queries'
import { useCommission } from './words'

export function PeriodsPage() {
  const t = useCommission()
  const can = useCan()
  return (
    <RecordPage>
      <PageHeader title={t.period.title} sub={t.period.sub} />
      <Desk />
      {can('commission:read') && (
        <Part>
          <Exceptions />
        </Part>
      )}
    </RecordPage>
  )
}

function Desk() {
  const t = useCommission()
  const p = t.period
  const periods = useSuspenseQuery(periodsQuery).data.items
  const current = periods.find((one) => one.actions.length > 0) ?? periods[0]
  if (!current) return <EmptyState title={p.empty}>{p.emptyWhy}</EmptyState>
  return (
    <>
      <Section>
        <Current period={current} />
      </Section>
      <Section>
        <MiniTable
          label={p.title}
          head={[p.month, p.state, p.events, p.lines, p.statements, p.disputed, p.total, p.payable, '']}
          end={[2, 3, 4, 5, 6, 7, 8]}
          rows={periods.map((one) => ({
            id: one.month,
            cells: [
              <span key="month" className="font-medium">
                {one.month}
              </span>,
              <State key="state" of="period" value={one.state} />,
              formatCount(one.events),
              formatCount(one.lines),
              `${one.confirmed_statements} / ${one.statements}`,
              <span key="disputed" className={one.disputed_lines ? 'text-amber' : undefined}>
                {one.disputed_lines}
              </span>,
              <Money key="total" fen={one.total_fen} />,
              <Money key="payable" fen={one.payable_fen} className="font-medium" />,
              <PeriodActs key="acts" period={one} quiet={one.month === current.month} />,
            ],
          }))}
        />
      </Section>
    </>
  )
}

function Current({ period }: { period: Period }) {
  const { period: p } = useCommission()
  const busy = period.job?.state === 'running' || period.job?.state === 'waiting'
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 className="flex items-center gap-3 font-semibold text-head">
          {period.month}
          <State of="period" value={period.state} />
        </h2>
        <span className="flex gap-2">
          <PeriodActs period={period} primary />
        </span>
      </div>
      {busy && (
        <div className="mb-4" role="status">
          <p className="mb-1.5 flex items-center gap-2 text-small">
            <LoaderCircle size={15} className="animate-spin text-accent" aria-hidden />
            {p.running}
            <span className="num ml-auto text-ink-3">{period.job?.progress ?? 0}%</span>
          </p>
          <progress
            aria-label={p.running}
            value={period.job?.progress ?? 0}
            max={100}
            className="block h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-webkit-progress-bar]:bg-neutral-soft [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
          />
        </div>
      )}
      {period.job?.state === 'failed' && (
        <p role="alert" className="mb-4 text-cinnabar">
          {p.failed} {period.job.reason}
        </p>
      )}
      <Figures
        items={[
          { label: p.events, value: formatCount(period.events) },
          { label: p.lines, value: formatCount(period.lines) },
          { label: p.statements, value: `${period.confirmed_statements} / ${period.statements}`, context: p.confirmed },
          { label: p.total, value: <Money fen={period.total_fen} trim /> },
        ]}
      />
    </Card>
  )
}

function PeriodActs({ period, primary, quiet }: { period: Period; primary?: boolean; quiet?: boolean }) {
  const { period: p } = useCommission()
  const can = useCan()
  return (
    <span className="flex justify-end gap-2">
      {!quiet && (
        <Actions
          resource="periods"
          id={period.month}
          allowed={period.actions}
          size={primary ? 'medium' : 'small'}
          primary={primary ? (period.state === 'open' ? ['calculate', 'issue'] : ['issue', 'calculate']) : []}
          touches={['period', 'statement', 'commission', 'home']}
          acts={[
            {
              id: 'calculate',
              label: period.state === 'open' ? p.calculate : p.calculateAgain,
              done: p.calculated,
              ask: { title: p.calculateAsk(period.month), help: p.calculateWhy },
            },
            { id: 'close', label: p.close, done: p.closed, ask: { title: p.closeAsk(period.month), help: p.closeWhy } },
            { id: 'issue', label: p.issue, done: p.issued, ask: { title: p.issueAsk(period.month), help: p.issueWhy } },
          ]}
        />
      )}
      {period.statements > 0 && !primary && can('statement:read') && (
        <LinkButton size="small" variant="quiet" to={'/statements' as string} search={{ month: period.month } as never}>
          {p.view}
        </LinkButton>
      )}
    </span>
  )
}

function Exceptions() {
  const t = useCommission()
  const p = t.period
  const acts = useLineActs()
  const { reference, name } = useReference()
  const { rows } = usePages(linesQuery({ state: 'disputed' }))
  return (
    <Section title={p.exceptions} sub={rows.length ? p.exceptionsSub : undefined}>
      {rows.length === 0 ? (
        <p className="text-ink-3">{p.noExceptions}</p>
      ) : (
        <MiniTable
          label={p.exceptions}
          head={[t.col.month, t.col.account, t.col.product, t.receipt.yourDispute, t.col.share, '']}
          end={[4, 5]}
          rows={rows.map((line) => ({
            id: line.id,
            cells: [
              line.month,
              line.account_name,
              name(reference.families, line.product),
              line.dispute,
              <Money key="share" fen={line.share_fen} />,
              <span key="acts" className="flex justify-end gap-2">
                <LinkButton size="small" variant="quiet" to={`/commission/lines/${line.id}` as string}>
                  {t.receipt.title}
                </LinkButton>
                <Actions
                  resource="commission/lines"
                  id={line.id}
                  allowed={line.actions}
                  acts={acts}
                  size="small"
                  touches={['commission', 'statement', 'home', 'period']}
                />
              </span>,
            ],
          }))}
        />
      )}
    </Section>
  )
}
