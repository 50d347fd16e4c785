import { formatFen } from '../lib/money'
import { zh } from './domain.zh'
import { defineDict } from './index'

/** Words of states and closed lists that several features show. */
export const useDomain = defineDict(zh, () => import('./domain.en'))

export type StateOf = keyof typeof zh.states

/** The word of a code; a code newer than this dictionary shows as itself. */
export const wordOf = (words: object, code: string | null | undefined): string =>
  code ? ((words as Record<string, string>)[code] ?? code) : ''

export const optionsOf = <K extends string>(words: Record<K, string>) => (Object.keys(words) as K[]).map((id) => ({ id, label: words[id] }))

/** The value of a fact an approver decides on: money, yes or no, or as it is. */
export const sayFact = ({ code, value }: { code: string; value: string }, t: { yes: string; no: string }) =>
  code.endsWith('_fen') ? formatFen(Number(value), { trim: true }) : value === 'true' ? t.yes : value === 'false' ? t.no : value
