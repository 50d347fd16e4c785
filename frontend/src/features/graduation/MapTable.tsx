import { formatCount } from '../../shared/lib/money'
import { Button } from '../../shared/ui/Button'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Tag } from '../../shared/ui/Tag'
import type { Spot } from './queries'
import { useRooms } from './rooms'

export function MapTable({ spots, family, onPlace }: { spots: Spot[]; family: (spot: Spot) => string; onPlace?: (spot: Spot) => void }) {
  const t = useRooms().map
  const rate = (value?: number) => (value === undefined ? t.none : `${value}%`)
  const where = (computed: string, by: string) => (
    <span>
      <Tag tone={by ? 'amber' : 'accent'}>{by || computed}</Tag>
      {by && <span className="block text-ink-3 text-meta">{t.computedAs(computed)}</span>}
    </span>
  )
  const quadrant = (id: string) => t.quadrants[id as keyof typeof t.quadrants] ?? ''
  const group = (id: string) => t.classes[id as keyof typeof t.classes] ?? ''
  return (
    <MiniTable
      label={t.title}
      head={[
        t.family,
        t.quadrant,
        t.class,
        t.attractiveness,
        t.capability,
        t.growth,
        t.share,
        t.market,
        t.served,
        t.certified,
        t.response,
        t.winRate,
        ...(onPlace ? [''] : []),
      ]}
      end={[3, 4, 5, 6, 7, 8, 9, 10, 11]}
      rows={spots.map((spot) => ({
        id: spot.id,
        cells: [
          <span key="family">
            <span className="font-medium">{family(spot)}</span>
            {spot.override_reason && (
              <span className="block text-ink-3 text-meta">
                {spot.override_by_name}: {spot.override_reason}
              </span>
            )}
          </span>,
          where(quadrant(spot.quadrant), quadrant(spot.override_quadrant)),
          where(group(spot.class), group(spot.override_class)),
          spot.attractiveness,
          spot.capability,
          rate(spot.growth),
          rate(spot.share),
          formatCount(spot.market),
          formatCount(spot.served),
          formatCount(spot.certified),
          rate(spot.response),
          rate(spot.win_rate),
          ...(onPlace
            ? [
                <Button key="place" size="small" onPress={() => onPlace(spot)}>
                  {t.override}
                </Button>,
              ]
            : []),
        ],
      }))}
    />
  )
}
