import { Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCommon } from '../i18n/common'
import { useLocale } from '../i18n/index'
import { cx } from '../lib/cx'
import { formatFen } from '../lib/money'
import { formatTime, type TimeStyle, timeLeft } from '../lib/time'

export function Money({
  fen,
  trim,
  sign,
  className,
}: {
  fen: number | null | undefined
  trim?: boolean
  sign?: boolean
  className?: string
}) {
  return (
    <span className={cx('num whitespace-nowrap', className)}>
      {fen === null || fen === undefined ? '-' : formatFen(fen, { trim, sign })}
    </span>
  )
}

/** A moment, in Shanghai. */
export function Time({ value, as = 'dateTime', className }: { value: string | null | undefined; as?: TimeStyle; className?: string }) {
  useLocale()
  if (!value) return <span className={className}>-</span>
  return (
    <time dateTime={value} className={cx('whitespace-nowrap', className)}>
      {formatTime(value, as)}
    </time>
  )
}

/** 剩 28 小时 / 超时 6 小时 */
export function Due({ at, className }: { at: string; className?: string }) {
  const t = useCommon()
  const { late, unit, count, urgency } = timeLeft(at)
  return (
    <time
      dateTime={at}
      className={cx(
        'inline-flex items-center gap-1 whitespace-nowrap text-small',
        urgency === 'late' ? 'text-cinnabar' : urgency === 'soon' ? 'text-amber' : 'text-ink-3',
        className,
      )}
    >
      {late && <Clock size={14} aria-hidden />}
      {(late ? t.late : t.left)[unit](count)}
    </time>
  )
}

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-check bg-neutral-soft px-1.5 font-sans text-ink-2 text-meta">
      {children}
    </kbd>
  )
}
