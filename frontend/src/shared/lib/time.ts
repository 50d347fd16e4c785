import { type Locale, locale } from '../i18n'

const cache = new Map<string, Intl.DateTimeFormat>()

const styles = {
  date: { year: 'numeric', month: '2-digit', day: '2-digit' },
  monthDay: { month: 'short', day: 'numeric' },
  dateTime: { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false },
  time: { hour: '2-digit', minute: '2-digit', hour12: false },
  month: { year: 'numeric', month: 'long' },
} satisfies Record<string, Intl.DateTimeFormatOptions>

export type TimeStyle = keyof typeof styles

function formatter(style: TimeStyle, lang: Locale) {
  const key = `${style}.${lang}`
  let format = cache.get(key)
  if (!format) {
    const tag = style === 'date' || style === 'dateTime' ? 'sv-SE' : lang === 'zh' ? 'zh-CN' : 'en-GB'
    format = new Intl.DateTimeFormat(tag, { ...styles[style], timeZone: 'Asia/Shanghai' })
    cache.set(key, format)
  }
  return format
}

/** Always Asia/Shanghai, whatever the visitor's machine says. */
export function formatTime(value: string | Date, style: TimeStyle = 'dateTime'): string {
  const date = typeof value === 'string' ? new Date(value) : value
  return Number.isNaN(date.getTime()) ? '' : formatter(style, locale.get()).format(date)
}

export type Left = { late: boolean; unit: 'minute' | 'hour' | 'day'; count: number; urgency: 'calm' | 'soon' | 'late' }

/** How far away a due time is, in the unit people would say it in. */
export function timeLeft(due: string | Date, now = Date.now()): Left {
  const ms = new Date(due).getTime() - now
  const abs = Math.abs(ms)
  const late = ms < 0
  const hours = abs / 3_600_000
  const urgency = late ? 'late' : hours < 24 ? 'soon' : 'calm'
  if (hours < 1) return { late, unit: 'minute', count: Math.max(1, Math.round(abs / 60_000)), urgency }
  if (hours < 48) return { late, unit: 'hour', count: Math.round(hours), urgency }
  return { late, unit: 'day', count: Math.round(hours / 24), urgency }
}
