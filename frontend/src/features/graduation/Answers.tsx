import { wordOf } from '../../shared/i18n/domain'
import { useRise } from '../../shared/i18n/rise'
import { CountBars } from '../../shared/ui/CountBars'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Standing } from '../../shared/ui/Standing'
import type { Graduation } from './queries'
import { useRooms } from './rooms'
import { useGraduation } from './words'

/** How many cities answered how, and why: a figure of the product. */
export default function Answers({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  const rise = useRise()
  const r = useRooms().rollout
  if (!graduation.answers.length) return null
  const all = graduation.answers.reduce((sum, one) => sum + one.cities, 0)
  const by = (pick: (one: Graduation['answers'][number]) => string) => {
    const counted = new Map<string, number>()
    for (const one of graduation.answers) if (pick(one)) counted.set(pick(one), (counted.get(pick(one)) ?? 0) + one.cities)
    return [...counted].sort((a, b) => b[1] - a[1])
  }
  return (
    <>
      <Section title={rise.answers} sub={t.answersWhy}>
        <div className="grid gap-4 rounded-card border border-line p-4 md:grid-cols-2">
          <CountBars rows={by((one) => one.state).map(([state, n]) => [wordOf(rise.states.rollout, state), n])} all={all} label={r.state} />
          <CountBars
            rows={by((one) => one.reason_code).map(([code, n]) => [wordOf(rise.reasonCodes, code), n])}
            all={all}
            label={rise.reasons}
          />
        </div>
      </Section>
      {graduation.tasks.length > 1 && (
        <Section title={t.tasks}>
          <MiniTable
            label={t.tasks}
            head={[r.city, r.state, r.reason, r.answered]}
            rows={graduation.tasks.map((task) => ({
              id: task.id,
              cells: [
                task.city_name,
                <Standing key="state" of="rollout" value={task.state} />,
                task.reason &&
                  `${wordOf(rise.reasonCodes, task.reason_code)}${task.later_on ? ` · ${r.later(task.later_on)}` : ''} · ${task.reason}`,
                task.answered_by_name,
              ],
            }))}
          />
        </Section>
      )}
    </>
  )
}
