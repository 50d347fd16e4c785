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
          line.discount_fen ? formatFen(-line.discount_fen) : '-',
          <Money key="amount" fen={line.amount_fen} />,
        ],
      }))}
      footer={sum ? [t.total, '', '', '', <Money key="total" fen={price.total_fen} />] : undefined}
    />
  )
}
