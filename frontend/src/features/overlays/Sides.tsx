import { useDomain } from '../../shared/i18n/domain'
import { formatFen } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { MiniTable } from '../../shared/ui/MiniTable'
import { MoneyField } from '../../shared/ui/MoneyField'
import { Tag } from '../../shared/ui/Tag'
import type { Overlay, Side } from './queries'
import { useOverlays } from './words'

export type Prices = Record<string, number | null>
export const keyOf = (side: Side) => `${side.billing} ${side.name}`

/** The province when the city decided, the province now, the city: element by element. */
export function Sides({
  overlay,
  prices,
  onPrices,
}: {
  overlay: Overlay
  prices: Prices
  onPrices?: ((prices: Prices) => void) | undefined
}) {
  const t = useOverlays()
  const d = useDomain()
  const drifting = overlay.state === 'drifting'
  const money = (fen: number | undefined) => (fen === undefined ? '-' : formatFen(fen, { trim: true }))
  const set = (side: Side, fen: number | null) => onPrices?.({ ...prices, [keyOf(side)]: fen })
  const head = [t.element, ...(drifting ? [t.base] : []), t.province, t.local, t.sold]
  return (
    <MiniTable
      label={t.prices}
      head={head}
      end={drifting ? [1, 2, 4] : [1, 3]}
      rows={overlay.sides.map((side) => ({
        id: keyOf(side),
        cells: [
          <span key="name">
            {side.name} <span className="text-ink-3 text-small">{d.billing[side.billing]}</span>{' '}
            {drifting && side.base_fen === undefined && side.province_fen !== undefined && <Tag tone="teal">{t.isNew}</Tag>}
            {side.province_fen === undefined && <Tag tone="cinnabar">{t.isGone}</Tag>}
          </span>,
          ...(drifting ? [<span key="base">{money(side.base_fen)}</span>] : []),
          <span key="province" className={drifting && side.changed ? 'font-medium text-amber' : undefined}>
            {money(side.province_fen)}
          </span>,
          onPrices && side.province_fen !== undefined ? (
            <Own key="own" side={side} value={prices[keyOf(side)] ?? null} drifting={drifting} onChange={(fen) => set(side, fen)} />
          ) : (
            <span key="own">{money(side.local_fen)}</span>
          ),
          <span key="sold" className="font-medium">
            {side.province_fen === undefined ? '-' : money(side.sold_fen)}
          </span>,
        ],
      }))}
    />
  )
}

function Own({
  side,
  value,
  drifting,
  onChange,
}: {
  side: Side
  value: number | null
  drifting: boolean
  onChange: (fen: number | null) => void
}) {
  const t = useOverlays()
  const outside = value !== null && (value < side.floor_fen || value > side.ceiling_fen)
  const range = t.range(formatFen(side.floor_fen, { trim: true }), formatFen(side.ceiling_fen, { trim: true }))
  if (side.floor_fen === side.ceiling_fen && value === null) return <span className="text-ink-3">{t.same}</span>
  return (
    <div className="flex min-w-40 flex-col gap-1.5">
      <MoneyField
        label={`${t.local} ${side.name}`}
        hideLabel
        placeholder={formatFen(side.province_fen ?? 0, { trim: true }).replace('¥', '')}
        value={value}
        onChange={onChange}
        description={range}
        error={outside ? `${t.outside}: ${range}` : undefined}
      />
      {drifting && side.changed && (
        <div className="flex flex-wrap gap-1.5">
          {side.local_fen !== undefined && (
            <Button
              size="small"
              isDisabled={side.local_fen < side.floor_fen || side.local_fen > side.ceiling_fen}
              onPress={() => onChange(side.local_fen ?? null)}
            >
              {t.keep}
            </Button>
          )}
          <Button size="small" onPress={() => onChange(null)}>
            {t.take}
          </Button>
        </div>
      )}
    </div>
  )
}
