import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDomain } from '../../shared/i18n/domain'
import { formatCount, formatFen, formatPpm } from '../../shared/lib/money'
import { Card, Figures, Section } from '../../shared/ui/Layout'
import { EmptyState } from '../../shared/ui/States'
import { funnelQuery } from './queries'
import { useDeals } from './words'

const share = (part: number, whole: number) => formatPpm(whole ? Math.round((part * 1000) / whole) * 1000 : 0)
const yuan = (fen: number) => formatFen(Math.round(fen / 100) * 100, { trim: true })

/** The equation of selling over a year of deals: each step leaves some of the one before. */
export default function Funnel() {
  const t = useDeals()
  const d = useDomain()
  const funnel = useSuspenseQuery(funnelQuery).data
  const first = funnel.steps[0]?.reached ?? 0
  if (!first) return <EmptyState title={t.empty}>{t.funnel.empty}</EmptyState>
  const rows = [
    ...funnel.steps.map((step) => ({ id: step.stage as string, label: d.salesStage[step.stage], n: step.reached, step })),
    { id: 'won', label: d.states.deal.won, n: funnel.won, step: undefined },
  ]
  return (
    <>
      <Figures
        items={[
          { label: t.funnel.open, value: yuan(funnel.open_fen) },
          { label: t.funnel.forecast, value: yuan(funnel.forecast_fen) },
          { label: t.funnel.won(funnel.won), value: yuan(funnel.won_fen) },
          { label: t.funnel.rate, value: share(funnel.won, funnel.won + funnel.lost) },
        ]}
      />
      <Section title={t.funnel.title} sub={t.funnel.since(funnel.since)} className="mt-8">
        <Card>
          <ol className="flex flex-col gap-3">
            {rows.map((row, index) => (
              <li key={row.id} className="grid grid-cols-[6.5em_1fr] items-center gap-x-3 gap-y-0.5 sm:grid-cols-[8em_1fr_13em]">
                <span>{row.label}</span>
                <span className="flex items-center gap-2">
                  <span aria-hidden className="h-6 flex-1 rounded-check bg-neutral-soft">
                    <span className="block h-6 rounded-check bg-accent" style={{ width: `${(100 * row.n) / first}%` }} />
                  </span>
                  <span className="num w-10 text-right font-medium">{formatCount(row.n)}</span>
                </span>
                <span className="num col-start-2 flex flex-wrap gap-x-3 text-ink-3 text-small sm:col-start-3">
                  {index > 0 && <span>{t.funnel.left(share(row.n, rows[index - 1]?.n ?? 0))}</span>}
                  {!!row.step?.open && (
                    <Link to={'/deals' as string} search={{ stage: row.id } as never} className="text-accent-text hover:underline">
                      {t.funnel.here(row.step.open, yuan(row.step.open_fen))}
                    </Link>
                  )}
                </span>
              </li>
            ))}
          </ol>
          <p className="num mt-5 border-line border-t pt-4 text-ink-2">
            {t.funnel.equation}{' '}
            {funnel.targets !== undefined && funnel.targets > 0 && `${formatCount(funnel.targets)} × ${share(first, funnel.targets)} = `}
            {formatCount(first)}
            {rows.slice(1).map((row, index) => ` × ${share(row.n, rows[index]?.n ?? 0)}`)} = {formatCount(funnel.won)}
          </p>
          <p className="mt-1 text-ink-3 text-small">{t.funnel.how}</p>
        </Card>
      </Section>
    </>
  )
}
