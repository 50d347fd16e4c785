import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'

/** The API's Clock. */
export type ClockFacts = {
  budget_days: number
  operator_days: number
  partner_days: number
  holder: 'operator' | 'partner' | 'none'
  holder_since: string
}

const day = 86_400_000
const round = (days: number) => Math.round(days * 10) / 10

/** The month of certification from both sides: the operator's days count, the partner's stop the clock. */
export function TwoSidedClock({ clock }: { clock: ClockFacts }) {
  const t = useCommon()
  const [operator, partner, budget] = [round(clock.operator_days), round(clock.partner_days), clock.budget_days]
  const over = round(operator - budget)
  const scale = Math.max(budget, operator)
  const held = Math.floor((Date.now() - Date.parse(clock.holder_since)) / day)
  const words = { operator: t.clock.heldByOperator(held), partner: t.clock.heldByPartner(held), none: t.clock.decided }[clock.holder]
  return (
    <div className="flex flex-col gap-2.5">
      <p className={cx('font-medium', clock.holder === 'partner' && 'text-amber')}>{words}</p>
      <ClockRow
        label={t.clock.operator}
        share={operator / scale}
        bar={over > 0 ? 'bg-cinnabar' : 'bg-accent'}
        value={t.clock.of(operator, budget)}
      />
      <ClockRow label={t.clock.partner} share={Math.min(1, partner / scale)} bar="bg-line-strong" value={t.clock.days(partner)} />
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
