import { Money } from '../../shared/ui/Text'
import type { Price } from './queries'
import { useOrders } from './words'

/** The sum over the term and what it is made of: the list, what is taken off it, and what is left, which add up. */
export function PriceSum({ price }: { price: Price }) {
  const { price: t } = useOrders()
  const row = (label: string, fen: number, key = label) => (
    <div key={key} className="flex justify-between gap-4">
      <dt className="text-ink-3">{label}</dt>
      <dd>
        <Money fen={fen} />
      </dd>
    </div>
  )
  // what is billed by use comes on top, as it comes
  const times = { one_off: 1, monthly: price.term_months, per_use: 0 }
  const sum = (of: (line: Price['lines'][number]) => number) =>
    price.lines.reduce((all, line) => all + of(line) * times[line.billing as keyof typeof times], 0)
  const off: [string, string, number][] = [
    ['step', t.step, sum((line) => line.step_fen)],
    ...price.promotions.map((one): [string, string, number] => [one.id, one.name, one.fen]),
    ['discount', t.discount, sum((line) => line.discount_fen)],
  ]
  const taken = off.filter(([, , fen]) => fen !== 0)
  return (
    <dl className="flex flex-col gap-2">
      {taken.length > 0 &&
        row(
          t.listTotal,
          sum((line) => line.list_fen * line.quantity),
        )}
      {taken.map(([key, label, fen]) => row(label, -fen, key))}
      {taken.length === 0 && price.monthly_fen !== 0 && price.one_off_fen !== 0 && row(t.oneOff, price.one_off_fen)}
      {taken.length === 0 && price.monthly_fen !== 0 && row(`${t.monthly} · ${t.term(price.term_months)}`, price.monthly_fen)}
      <div className="flex items-baseline justify-between gap-4 border-line border-t pt-2">
        <dt className="font-medium">{t.total}</dt>
        <dd className="font-semibold text-title">
          <Money fen={price.total_fen} />
        </dd>
      </div>
      {taken.length > 0 && price.monthly_fen !== 0 && (
        <>
          {price.one_off_fen !== 0 && row(t.oneOff, price.one_off_fen, 'one_off')}
          {row(`${t.monthly} · ${t.term(price.term_months)}`, price.monthly_fen, 'monthly')}
        </>
      )}
      {typeof price.commission_fen === 'number' && (
        <div className="flex justify-between gap-4 text-accent-text">
          <dt>{t.commission}</dt>
          <dd className="font-medium">
            <Money fen={price.commission_fen} />
          </dd>
        </div>
      )}
    </dl>
  )
}
