import { describe, expect, it } from 'vitest'
import { checkCreditCode } from './creditCode'
import { formatFen, formatPpm, parseYuan } from './money'
import { formatTime, timeLeft } from './time'

describe('money', () => {
  it('shows fen as yuan', () => {
    expect(formatFen(8620000)).toBe('¥86,200.00')
    expect(formatFen(8620000, { trim: true })).toBe('¥86,200')
    expect(formatFen(-5)).toBe('-¥0.05')
    expect(formatFen(100, { sign: true })).toBe('+¥1.00')
    expect(formatPpm(125000)).toBe('12.5%')
  })
  it('reads yuan to the fen without floats', () => {
    expect(parseYuan('1.15')).toBe(115)
    expect(parseYuan('¥1,234.5')).toBe(123450)
    expect(parseYuan('-0.01')).toBe(-1)
    expect(parseYuan('-0')).toBe(0)
    expect(parseYuan('1.234')).toBeUndefined()
    expect(parseYuan('')).toBeUndefined()
  })
})

describe('credit code', () => {
  it('accepts real ones and refuses one changed character', () => {
    expect(checkCreditCode('91440300708461136T')).toBe('ok')
    expect(checkCreditCode('91110000100006021E')).toBe('check')
    expect(checkCreditCode('91440300708461137T')).toBe('check')
    expect(checkCreditCode('9144030070846113')).toBe('short')
    expect(checkCreditCode('9144030O')).toBe('character')
  })
})

describe('time', () => {
  it('is Shanghai time', () => {
    expect(formatTime('2026-11-30T16:30:00Z', 'date')).toBe('2026-12-01')
    expect(formatTime('2026-11-30T16:30:00Z', 'dateTime')).toBe('2026-12-01 00:30')
  })
  it('says how long is left', () => {
    const now = Date.parse('2026-11-30T00:00:00Z')
    expect(timeLeft('2026-12-01T04:00:00Z', now)).toMatchObject({ late: false, unit: 'hour', count: 28, urgency: 'calm' })
    expect(timeLeft('2026-11-29T18:00:00Z', now)).toMatchObject({ late: true, unit: 'hour', count: 6, urgency: 'late' })
    expect(timeLeft('2026-12-03T00:00:00Z', now)).toMatchObject({ unit: 'day', count: 3 })
  })
})
