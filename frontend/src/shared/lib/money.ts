// Money travels as integer fen and is only turned into yuan on the screen.

const whole = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 })
const cents = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** 8620000 -> "¥86,200.00"; with `trim` whole yuan lose their cents. */
export function formatFen(fen: number, { trim = false, sign = false } = {}): string {
  const abs = Math.abs(fen)
  const text = trim && abs % 100 === 0 ? whole.format(abs / 100) : cents.format(abs / 100)
  const mark = fen < 0 ? '-' : sign && fen > 0 ? '+' : ''
  return `${mark}¥${text}`
}

/** "1,234.5" -> 123450; undefined when it is no amount. Never goes through a float product. */
export function parseYuan(text: string): number | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{0,2}))?$/.exec(text.replace(/[,，¥￥\s]/g, ''))
  if (!match) return undefined
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return match[1] && fen ? -fen : fen
}

/** Parts per million to a percentage: 125000 -> "12.5%". */
export const formatPpm = (ppm: number) => `${Number((ppm / 10_000).toFixed(4))}%`

export const formatCount = (n: number) => whole.format(n)
