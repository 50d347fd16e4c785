import { Fragment } from 'react'
import { Money } from '../../shared/ui/Text'
import type { Price } from './queries'
import { useOrders } from './words'

/** The sum and what it is made of. */
export function PriceSum({ price }: { price: Price }) {
  const { price: t } = useOrders()
  const row = (label: string, fen: number, sign?: boolean) => (
    <div className="flex justify-between gap-4">
      <dt className="text-ink-3">{label}</dt>
      <dd>
        <Money fen={fen} sign={sign} />
      </dd>
    </div>
  )
  return (
    <dl className="flex flex-col gap-2">
      {price.one_off_fen !== 0 && row(t.oneOff, price.one_off_fen)}
      {price.monthly_fen !== 0 && row(`${t.monthly} · ${t.term(price.term_months)}`, price.monthly_fen)}
      {price.step_fen !== 0 && row(t.step, -price.step_fen)}
      {price.promotions.map((one) => (
        <Fragment key={one.id}>{row(one.name, -one.fen)}</Fragment>
      ))}
      {price.discount_fen !== 0 && row(t.discount, -Math.abs(price.discount_fen))}
      <div className="flex items-baseline justify-between gap-4 border-line border-t pt-2">
        <dt className="font-medium">{t.total}</dt>
        <dd className="font-semibold text-title">
          <Money fen={price.total_fen} />
        </dd>
      </div>
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
