import { Clock } from 'lucide-react'
import { cx } from '../../shared/lib/cx'

/** A due day; past it, the icon and the pigment of overdue. */
export function DueOn({ day, overdue }: { day?: string; overdue?: boolean }) {
  if (!day) return <span className="text-ink-3">-</span>
  return (
    <time dateTime={day} className={cx('inline-flex items-center gap-1 whitespace-nowrap', overdue ? 'text-cinnabar' : 'text-ink-2')}>
      {overdue && <Clock size={14} aria-hidden />}
      {day}
    </time>
  )
}
