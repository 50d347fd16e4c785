import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'

/** The API's Clock. */
export type ClockFacts = {
  budget_days: number
  operator_days: number
  partner_days: number
  stopped_days: number
  holder: 'operator' | 'partner' | 'stopped' | 'none'
  held_days: number
  note?: string
}

const round = (days: number) => Math.round(days * 10) / 10

/** The thirty days of certification from both sides, in working days: the operator's count, the partner's and stopped ones do not. */
export function TwoSidedClock({ clock }: { clock: ClockFacts }) {
  const t = useCommon()
  const [operator, partner, budget] = [round(clock.operator_days), round(clock.partner_days), clock.budget_days]
  const over = round(operator - budget)
  const scale = Math.max(budget, operator)
  const held = round(clock.held_days)
  const words = {
    operator: t.clock.heldByOperator(held),
    partner: t.clock.heldByPartner(held),
    stopped: t.clock.heldStopped(held),
    none: t.clock.decided,
  }[clock.holder]
  return (
    <div className="flex flex-col gap-2.5">
      <p className={cx('font-medium', (clock.holder === 'partner' || clock.holder === 'stopped') && 'text-amber')}>{words}</p>
      {clock.note && <p className="text-ink-2 text-small">{clock.note}</p>}
      <ClockRow
        label={t.clock.operator}
        share={operator / scale}
        bar={over > 0 ? 'bg-cinnabar' : 'bg-accent'}
        value={t.clock.of(operator, budget)}
      />
      <ClockRow label={t.clock.partner} share={Math.min(1, partner / scale)} bar="bg-line-strong" value={t.clock.days(partner)} />
      {clock.stopped_days > 0 && (
        <ClockRow
          label={t.clock.stopped}
          share={Math.min(1, clock.stopped_days / scale)}
          bar="bg-amber"
          value={t.clock.days(round(clock.stopped_days))}
        />
      )}
      {over > 0 && <p className="text-cinnabar text-small">{t.clock.over(over)}</p>}
    </div>
  )
}

function ClockRow({ label, share, bar, value }: { label: string; share: number; bar: string; value: string }) {
  return (
    <div>
      <div className="flex justify-between text-small">
        <span className="text-ink-2">{label}</span>
        <span className="num">{value}</span>
      </div>
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-neutral-soft">
        <div className={cx('h-full rounded-full', bar)} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
