import { useDomain } from '../../shared/i18n/domain'
import { formatCount, formatFen } from '../../shared/lib/money'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Money } from '../../shared/ui/Text'
import type { Price } from './queries'
import { useOrders } from './words'

/** The price of every element, line by line; the sum under it where it does not stand beside. */
export function PriceLines({ price, sum = true }: { price: Price; sum?: boolean }) {
  const { price: t, quote } = useOrders()
  const d = useDomain()
  return (
    <MiniTable
      label={quote.lines}
      head={[t.element, t.quantity, t.list, t.off, t.amount]}
      end={[1, 2, 3, 4]}
      rows={price.lines.map((line) => ({
        id: line.element_id,
        cells: [
          <span key="name">
            {line.name} <span className="text-ink-3 text-small">{d.billing[line.billing]}</span>
          </span>,
          formatCount(line.quantity),
          <span key="list" className="text-ink-2">
            {formatFen(line.list_fen)}/{line.unit}
            {line.province_fen !== undefined && (
              <span className="block text-ink-3 text-small">{t.localPrice(formatFen(line.province_fen))}</span>
            )}
          </span>,
          isLess(line) ? <Off key="off" line={line} /> : '-',
          <Money key="amount" fen={line.amount_fen} />,
        ],
      }))}
      footer={sum ? [t.total, '', '', '', <Money key="total" fen={price.total_fen} />] : undefined}
    />
  )
}

const isLess = (line: Price['lines'][number]) => line.quantity * line.list_fen !== line.amount_fen

/** What is off, and why: the step that the quantity reaches, promotions, the seller's discount. */
function Off({ line }: { line: Price['lines'][number] }) {
  const { price: t } = useOrders()
  const why: [string, number][] = [
    [t.step, line.step_fen],
    ...line.promotions.map((one): [string, number] => [one.name, one.fen]),
    [t.manual, line.discount_fen],
  ]
  const off = why.filter(([, fen]) => fen !== 0)
  return (
    <span>
      {formatFen(-off.reduce((sum, [, fen]) => sum + fen, 0))}
      {(off.length > 1 || line.discount_fen === 0) &&
        off.map(([name, fen]) => (
          <span key={name} className="block text-ink-3 text-small">
            {name} {formatFen(-fen)}
          </span>
        ))}
    </span>
  )
}
