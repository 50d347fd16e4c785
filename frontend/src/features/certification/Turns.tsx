import { useDomain, wordOf } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'
import type { Certification } from './queries'

const round = (days: number) => Math.round(days * 10) / 10

/** Whose time passed, and why: every hand-over and every stop. */
export function Turns({ one }: { one: Certification }) {
  const t = useParts()
  const running =
    one.clock.holder === 'none' ? [] : [{ ...one.clock, from: one.clock.holder_since, to: '', days: one.clock.held_days, by: '' }]
  return (
    <Section title={t.turns}>
      <MiniTable
        label={t.turns}
        head={t.turnsHead}
        end={[4]}
        rows={[...one.turns, ...running].map((turn) => ({
          id: `${turn.from}${turn.to}`,
          cells: [
            <Time key="from" value={turn.from} />,
            turn.to ? <Time key="to" value={turn.to} /> : t.now,
            t.holders[turn.holder as keyof typeof t.holders],
            <span key="why">
              {wordOf(t.turnReasons, turn.reason ?? '')}
              {turn.note && <span className="block text-ink-3 text-small">{turn.note}</span>}
              {turn.by && <span className="block text-ink-3 text-small">{turn.by}</span>}
            </span>,
            round(turn.days),
          ],
        }))}
      />
    </Section>
  )
}

/** What each stage has used of its share of the thirty days. */
export function Budgets({ one }: { one: Certification }) {
  const t = useParts()
  const d = useDomain()
  return (
    <>
      <ul aria-label={t.stageBudget} className="mt-3 flex flex-col gap-1.5 border-line border-t pt-3 text-small">
        {one.stages.map((stage) => (
          <li key={stage.kind} className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)_3.5rem] items-center gap-2">
            <span className="text-ink-2">{d.certificationStage[stage.kind]}</span>
            <span className="h-1.5 overflow-hidden rounded-full bg-neutral-soft">
              <span
                className={cx('block h-full rounded-full', stage.spent_days > stage.budget_days ? 'bg-cinnabar' : 'bg-accent')}
                style={{ width: `${Math.min(1, stage.spent_days / stage.budget_days) * 100}%` }}
              />
            </span>
            <span className="num text-right text-ink-3">
              {round(stage.spent_days)} / {stage.budget_days}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-ink-3 text-meta">{t.counted}</p>
    </>
  )
}
