import { defineDict } from '../../shared/i18n'
import { formatCount, formatFen } from '../../shared/lib/money'
import { zh } from './tiers.zh'

/** Words of tiers and limits. */
export const useTiers = defineDict(zh, () => import('./tiers.en'))

/** A figure in the words of its unit. */
export const say = (value: number | undefined, unit: 'count' | 'fen' | 'percent') =>
  value === undefined ? '-' : unit === 'fen' ? formatFen(value, { trim: true }) : unit === 'percent' ? `${value}%` : formatCount(value)
