import { useQuery } from '@tanstack/react-query'
import { formatCount, formatFen } from '../../shared/lib/money'
import { Card, Section } from '../../shared/ui/Layout'
import { usageQuery } from './queries'
import { useOrders } from './words'

const days = (to: string) =>
  Array.from({ length: 31 }, (_, back) => new Date(Date.parse(to) - (30 - back) * 86_400_000).toISOString().slice(0, 10))

/** What the service used day by day, element by element. */
export default function Usage({ order }: { order: string }) {
  const t = useOrders().usage
  const { data } = useQuery(usageQuery(order))
  if (!data?.items.length) return null
  const axis = days(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10))
  return (
    <Section title={t.title}>
      <Card>
        <ul className="flex flex-col gap-5">
          {data.items.map((one) => {
            const most = Math.max(...one.days.map((day) => day.quantity), 1)
            const of = new Map(one.days.map((day) => [day.day, day.quantity]))
            return (
              <li key={one.element}>
                <p className="flex flex-wrap justify-between gap-x-4">
                  <span className="font-medium">{one.element}</span>
                  <span className="num text-ink-2">
                    {t.month(formatCount(one.month), one.unit)}
                    {one.fee_fen ? ` · ${t.fee(formatFen(one.fee_fen))}` : ''}
                  </span>
                </p>
                <ol className="mt-2 flex h-14 items-end gap-px" aria-label={t.chart(one.element)}>
                  {axis.map((day) => (
                    <li key={day} className="flex h-full flex-1 items-end" title={`${day} ${formatCount(of.get(day) ?? 0)} ${one.unit}`}>
                      <span className="w-full rounded-t-check bg-accent" style={{ height: `${(100 * (of.get(day) ?? 0)) / most}%` }} />
                      <span className="sr-only">
                        {day} {formatCount(of.get(day) ?? 0)}
                      </span>
                    </li>
                  ))}
                </ol>
                <p className="flex justify-between text-ink-3 text-meta">
                  <span>{axis[0]}</span>
                  <span>{axis.at(-1)}</span>
                </p>
              </li>
            )
          })}
        </ul>
      </Card>
    </Section>
  )
}
