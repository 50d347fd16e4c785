import { useEffect, useRef, useState } from 'react'
import type { ProductMap, Spot } from './queries'
import { useRooms } from './rooms'

type Props = { map: ProductMap; growth: boolean; family: (spot: Spot) => string; onPlace?: (spot: Spot) => void }

const height = 460
const [left, right, top, bottom] = [44, 16, 16, 40]

/** Families as points, the medians as the lines between quadrants. */
export function Scatter({ map, growth, family, onPlace }: Props) {
  const t = useRooms().map
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)))
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  const at = (spot: Spot) => (growth ? [spot.share ?? 0, spot.growth ?? 0] : [spot.capability, spot.attractiveness]) as [number, number]
  const mid = growth ? [map.share_mid, map.growth_mid] : [map.capability_mid, map.attractiveness_mid]
  const range = (index: 0 | 1) => {
    const all = [...map.items.map((spot) => at(spot)[index]), mid[index] ?? 0]
    const [low, high] = [Math.min(...all), Math.max(...all)]
    const room = Math.max(5, (high - low) * 0.12)
    return [low - room, high + room] as const
  }
  const [xs, ys] = [range(0), range(1)]
  const x = (value: number) => left + ((value - xs[0]) / (xs[1] - xs[0])) * (width - left - right)
  const y = (value: number) => height - bottom - ((value - ys[0]) / (ys[1] - ys[0])) * (height - top - bottom)
  const [mx, my] = [x(mid[0] ?? 0), y(mid[1] ?? 0)]
  const corners = growth
    ? ([
        ['question', left + 8, top + 16, 'start'],
        ['star', width - right - 8, top + 16, 'end'],
        ['dog', left + 8, height - bottom - 10, 'start'],
        ['cow', width - right - 8, height - bottom - 10, 'end'],
      ] as const)
    : ([
        ['potential', left + 8, top + 16, 'start'],
        ['core', width - right - 8, top + 16, 'end'],
        ['observe', left + 8, height - bottom - 10, 'start'],
        ['reserve', width - right - 8, height - bottom - 10, 'end'],
      ] as const)
  const word = (id: string) => (growth ? t.classes[id as keyof typeof t.classes] : t.quadrants[id as keyof typeof t.quadrants])
  return (
    <div ref={box} className="rounded-card border border-line">
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={growth ? t.views.growth : t.views.place} className="block text-meta">
          <rect x={left} y={top} width={width - left - right} height={height - top - bottom} className="fill-sunken" />
          <line x1={mx} x2={mx} y1={top} y2={height - bottom} className="stroke-line-strong" strokeDasharray="4 4" />
          <line x1={left} x2={width - right} y1={my} y2={my} className="stroke-line-strong" strokeDasharray="4 4" />
          {corners.map(([id, cx, cy, anchor]) => (
            <text key={id} x={cx} y={cy} textAnchor={anchor} className="fill-ink-3 font-medium">
              {word(id)}
            </text>
          ))}
          <text x={(left + width - right) / 2} y={height - 12} textAnchor="middle" className="fill-ink-2">
            {growth ? `${t.share} %` : t.capability}
          </text>
          <text
            x={16}
            y={(top + height - bottom) / 2}
            textAnchor="middle"
            className="fill-ink-2"
            transform={`rotate(-90 16 ${(top + height - bottom) / 2})`}
          >
            {growth ? `${t.growth} %` : t.attractiveness}
          </text>
          <Points
            spots={map.items}
            place={(spot) => [x(at(spot)[0]), y(at(spot)[1])]}
            width={width}
            family={family}
            growth={growth}
            word={word}
          />
        </svg>
      )}
      {onPlace && (
        <ul className="flex flex-wrap gap-2 border-line border-t p-3">
          {map.items.map((spot) => (
            <li key={spot.id}>
              <button
                type="button"
                onClick={() => onPlace(spot)}
                className="hit focus-ring rounded-control border border-line px-2.5 py-1 text-small hover:border-line-strong"
              >
                {family(spot)}{' '}
                <span className="text-ink-3">
                  {word(growth ? spot.override_class || spot.class : spot.override_quadrant || spot.quadrant)}
                </span>
                <span className="sr-only"> {t.override}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

type PointsProps = {
  spots: Spot[]
  place: (spot: Spot) => [number, number]
  width: number
  family: (spot: Spot) => string
  growth: boolean
  word: (id: string) => string
}

/** Labels step aside of one another downwards. */
function Points({ spots, place, width, family, growth, word }: PointsProps) {
  const t = useRooms().map
  const taken = spots.map((spot) => [place(spot)[0] - 7, place(spot)[1] + 4, 14] as [number, number, number])
  const laid = [...spots]
    .sort((a, b) => place(a)[1] - place(b)[1])
    .map((spot) => {
      const [cx, cy] = place(spot)
      const label = family(spot)
      const size = label.length * 12 + 4
      const end = cx + 10 + size > width - right
      const lx = end ? cx - 10 - size : cx + 10
      let ly = cy + 4
      while (taken.some(([tx, ty, tw]) => Math.abs(ty - ly) < 14 && lx < tx + tw && tx < lx + size)) ly += 14
      taken.push([lx, ly, size])
      return { spot, cx, cy, label, lx: end ? cx - 10 : lx, ly, end }
    })
  return laid.map(({ spot, cx, cy, label, lx, ly, end }) => {
    const shifted = growth ? spot.override_class : spot.override_quadrant
    const now = word(shifted || (growth ? spot.class : spot.quadrant))
    return (
      <g key={spot.id}>
        <title>{`${label} · ${now}${shifted ? ` · ${t.byHand}: ${spot.override_reason}` : ''}`}</title>
        <circle
          cx={cx}
          cy={cy}
          r={6}
          className={shifted ? 'fill-sheet stroke-accent' : 'fill-accent stroke-sheet'}
          strokeWidth={shifted ? 3 : 1.5}
        />
        {Math.abs(ly - cy - 4) > 2 && <line x1={cx} y1={cy} x2={lx} y2={ly - 4} className="stroke-line-strong" />}
        <text x={lx} y={ly} textAnchor={end ? 'end' : 'start'} className="fill-ink">
          {label}
          {shifted && ` → ${now}`}
        </text>
      </g>
    )
  })
}
