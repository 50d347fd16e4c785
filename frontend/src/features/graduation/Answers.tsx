import { wordOf } from '../../shared/i18n/domain'
import { formatCount } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import type { Graduation } from './queries'
import { useRooms } from './rooms'
import { Standing } from './Standing'
import { useGraduation } from './words'

/** How many cities answered how, and why: a figure of the product. */
export default function Answers({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
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
      <Section title={t.answers} sub={t.answersWhy}>
        <div className="grid gap-4 rounded-card border border-line p-4 md:grid-cols-2">
          <Bars rows={by((one) => one.state).map(([state, n]) => [wordOf(t.states.rollout, state), n])} all={all} label={t.answers} />
          <Bars rows={by((one) => one.reason_code).map(([code, n]) => [wordOf(t.reasonCodes, code), n])} all={all} label={t.reasons} />
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
                  `${wordOf(t.reasonCodes, task.reason_code)}${task.later_on ? ` · ${r.later(task.later_on)}` : ''} · ${task.reason}`,
                task.answered_by_name,
              ],
            }))}
          />
        </Section>
      )}
    </>
  )
}

function Bars({ rows, all, label }: { rows: [string, number][]; all: number; label: string }) {
  if (!rows.length) return null
  return (
    <div>
      <h3 className="mb-2 text-ink-3 text-small">{label}</h3>
      <ul className="flex flex-col gap-1.5">
        {rows.map(([word, n]) => (
          <li key={word} className="grid grid-cols-[7em_1fr_2em] items-center gap-3">
            <span className="truncate">{word}</span>
            <span aria-hidden className="h-3 rounded-check bg-neutral-soft">
              <span className="block h-3 rounded-check bg-accent" style={{ width: `${(100 * n) / all}%` }} />
            </span>
            <span className="num text-right">{formatCount(n)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
