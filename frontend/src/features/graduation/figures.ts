import { formatCount, formatFen } from '../../shared/lib/money'
import type { Fact } from './queries'
import type { useGraduation } from './words'

/** A figure in the words of its unit. */
export const sayFigure = (value: number, unit: Fact['unit'], t: ReturnType<typeof useGraduation>) =>
  unit === 'fen'
    ? formatFen(value, { trim: true })
    : unit === 'percent'
      ? `${value}%`
      : unit === 'days'
        ? t.days(formatCount(value))
        : formatCount(value)
