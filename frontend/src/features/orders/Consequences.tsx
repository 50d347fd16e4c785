import { useQuery } from '@tanstack/react-query'
import { type ApiProblem, explain } from '../../shared/api/problem'
import { formatFen } from '../../shared/lib/money'
import { consequencesQuery, type Order } from './queries'
import { useOrders } from './words'

/** What a step would mean in money, before it is taken. */
export default function Consequences({ order, of }: { order: Order; of: 'cancel' | 'end' }) {
  const t = useOrders().consequences
  const { data, error } = useQuery(consequencesQuery(order.id, order.version))
  if (error) return <p className="text-cinnabar text-small">{explain(error as ApiProblem)}</p>
  if (!data) return <p className="text-ink-3 text-small">{t.counting}</p>
  const rows: [string, number][] =
    of === 'cancel'
      ? [
          [t.dropped, data.dropped_fen],
          [t.promotion, data.promotion_fen],
        ]
      : [
          [t.left(data.months_left, data.ends_on ?? ''), data.dropped_fen],
          [t.takenBack, data.taken_back_fen ?? 0],
        ]
  return (
    <dl className="flex flex-col gap-1.5 rounded-card bg-sunken p-3 text-small">
      {rows.map(([label, fen]) => (
        <div key={label} className="flex justify-between gap-4">
          <dt className="text-ink-2">{label}</dt>
          <dd className="num">{fen ? formatFen(fen) : t.none}</dd>
        </div>
      ))}
    </dl>
  )
}
