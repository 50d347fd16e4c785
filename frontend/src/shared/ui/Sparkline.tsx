import { cx } from '../lib/cx'

/** A line the size of a word; the number beside it is what is read out. */
export function Sparkline({ values, className }: { values: number[]; className?: string }) {
  if (values.length < 2) return null
  const [w, h] = [56, 20]
  const min = Math.min(...values)
  const span = Math.max(...values) - min || 1
  const points = values.map(
    (value, index) => [(index / (values.length - 1)) * (w - 6) + 3, h - 3 - ((value - min) / span) * (h - 6)] as const,
  )
  const [endX, endY] = points.at(-1) ?? [0, 0]
  return (
    <svg width={w} height={h} aria-hidden="true" className={cx('shrink-0', className)}>
      <polyline
        points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        fill="none"
        className="stroke-accent"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={endX} cy={endY} r="2.5" className="fill-accent" />
    </svg>
  )
}
