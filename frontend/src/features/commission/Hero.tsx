import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../shared/api/client'
import { cx } from '../../shared/lib/cx'
import { formatFen } from '../../shared/lib/money'
import { formatTime } from '../../shared/lib/time'
import { LinkButton } from '../../shared/ui/Button'
import { useCommission } from './words'

type Summary = Schemas['CommissionSummary']
const reached: Record<string, number> = { calculated: 0, issued: 1, confirmed: 2, approved: 3, paid: 4, closed: 4 }

/** The next payout in four steps, and the numbers beside it. */
export function Hero({ summary }: { summary: Summary }) {
  const t = useCommission()
  const { next } = summary
  const at = next ? (reached[next.state] ?? 0) : -1
  const paidMonths = summary.months.filter((month) => month.settled_fen > 0).length || 1
  const average = formatFen(Math.round(summary.paid_fen / paidMonths / 100) * 100, { trim: true })
  const figures = [
    { label: t.figures.expected, value: summary.expected_fen, context: t.context.expected, to: '/commission', search: { state: 'held' } },
    {
      label: t.figures.toConfirm,
      value: summary.to_confirm_fen,
      context: t.context.toConfirm,
      to: '/statements',
      search: { state: 'issued' },
    },
    {
      label: t.figures.confirmed,
      value: summary.confirmed_fen,
      context: t.context.confirmed,
      to: '/statements',
      search: { state: 'confirmed' },
    },
    summary.carry_fen < 0
      ? { label: t.figures.carry, value: summary.carry_fen, context: t.context.carry, to: '/statements', search: {} }
      : {
          label: t.figures.paid,
          value: summary.paid_fen,
          context: summary.paid_fen ? t.context.paid(average) : t.context.none,
          to: '/statements',
          search: { state: 'paid' },
        },
  ]
  return (
    <div className="mb-8 grid gap-px overflow-hidden rounded-card border border-line bg-line lg:grid-cols-[minmax(300px,1.15fr)_2fr]">
      <div className="bg-hero p-5 text-hero-on">
        <h2>{t.next}</h2>
        {next ? (
          <>
            <p className="num mt-1 font-semibold text-[length:var(--text-hero)] leading-9">{formatFen(next.payable_fen)}</p>
            <p className="mt-1 text-small">{t.nextOf(next.month, next.lines)}</p>
            <ol className="mt-4 grid grid-cols-4 gap-1.5 text-small">
              {(['issued', 'confirm', 'approved', 'paid'] as const).map((step, index) => (
                <li key={step} aria-current={index === at ? 'step' : undefined}>
                  <span
                    className={cx(
                      'mb-1.5 block h-1 rounded-full',
                      index < at
                        ? 'bg-hero-on'
                        : index === at
                          ? 'bg-[color-mix(in_srgb,var(--hero-on)_65%,transparent)]'
                          : 'bg-[color-mix(in_srgb,var(--hero-on)_28%,transparent)]',
                    )}
                  />
                  <span className={index === at ? 'font-semibold' : undefined}>{t.steps[step]}</span>
                </li>
              ))}
            </ol>
            {next.state === 'issued' && (
              <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
                <span className="text-small">
                  {t.confirmBy} {next.confirm_by && formatTime(next.confirm_by, 'date')}
                </span>
                <LinkButton to={`/statements/${next.id}` as string} variant="primary" className="!border-hero-on">
                  {t.check}
                </LinkButton>
              </div>
            )}
          </>
        ) : (
          <>
            <p className="mt-2 font-semibold text-head">{t.noNext}</p>
            <p className="mt-1 text-small">{t.noNextWhy}</p>
          </>
        )}
      </div>
      <div className="grid grid-cols-2 gap-px xl:grid-cols-4">
        {figures.map((figure) => (
          <Link
            key={figure.label}
            to={figure.to as string}
            search={figure.search as never}
            className="focus-ring flex flex-col justify-center bg-sheet p-4 hover:bg-sunken"
          >
            <span className="text-ink-2 text-small">{figure.label}</span>
            <span className="num mt-1 font-semibold text-head">{formatFen(figure.value, { trim: true })}</span>
            <span className="mt-1 text-ink-3 text-meta">{figure.context}</span>
          </Link>
        ))}
      </div>
    </div>
  )
}
