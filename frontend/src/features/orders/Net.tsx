import { formatFen, formatPpm } from '../../shared/lib/money'
import { Card, Section } from '../../shared/ui/Layout'
import type { Quote } from './queries'
import { useOrders } from './words'

/** What is left of the quote over its term, for who decides on the discount. */
export default function Net({ margin }: { margin: NonNullable<Quote['margin']> }) {
  const { net: t } = useOrders()
  const rows: [string, number][] = [
    [t.list, margin.list_fen],
    [t.off, margin.total_fen - margin.list_fen],
    [t.commission, -margin.commission_fen],
  ]
  return (
    <Section title={t.title} sub={t.sub}>
      <Card>
        <dl className="num flex flex-col gap-1.5">
          {rows.map(([label, fen]) => (
            <div key={label} className="flex justify-between gap-4">
              <dt className="text-ink-2">{label}</dt>
              <dd>{formatFen(fen)}</dd>
            </div>
          ))}
          <div className="flex justify-between gap-4 border-line border-t pt-1.5 font-semibold">
            <dt>{t.net}</dt>
            <dd>
              {formatFen(margin.net_fen)}
              {margin.list_fen > 0 && (
                <span className="ml-2 font-normal text-ink-3 text-small">
                  {formatPpm(Math.round((margin.net_fen * 1000) / margin.list_fen) * 1000)}
                </span>
              )}
            </dd>
          </div>
        </dl>
      </Card>
    </Section>
  )
}
