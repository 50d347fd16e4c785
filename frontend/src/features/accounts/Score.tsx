import { cx } from '../../shared/lib/cx'

/** A quality score with a bar, so that it is not colour alone. */
export function Score({ value }: { value: number }) {
  const tone = value >= 80 ? 'bg-jade' : value >= 60 ? 'bg-amber' : 'bg-cinnabar'
  return (
    <span className="inline-flex items-center gap-2">
      <span className="h-1.5 w-10 overflow-hidden rounded-full bg-neutral-soft" aria-hidden>
        <span className={cx('block h-full', tone)} style={{ width: `${value}%` }} />
      </span>
      <span className="num w-7 text-right">{value}</span>
    </span>
  )
}
