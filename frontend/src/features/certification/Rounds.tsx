import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'
import type { Certification } from './queries'

/** Every time it was handed in: what had changed, how much is tested again for it, and how much still holds. */
export function Rounds({ one }: { one: Certification }) {
  const t = useParts()
  return (
    <Section title={t.rounds.title}>
      <MiniTable
        label={t.rounds.title}
        head={t.rounds.head}
        end={[3, 4]}
        rows={one.rounds.map((round) => ({
          id: `${round.number}`,
          cells: [
            t.rounds.number(round.number),
            <span key="at">
              <Time value={round.at} />
              {round.by && <span className="block text-ink-3 text-small">{round.by}</span>}
            </span>,
            round.changes.length > 0 ? (
              <ul key="what">
                {round.changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            ) : round.number === 1 ? (
              t.rounds.first
            ) : (
              t.rounds.nothing
            ),
            round.reopened,
            round.kept,
          ],
        }))}
      />
      <p className="mt-2 text-ink-3 text-small">{t.rounds.help}</p>
    </Section>
  )
}
