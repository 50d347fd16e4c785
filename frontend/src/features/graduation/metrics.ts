import type { Fact } from './queries'

/** Figures that take a threshold, with their unit; true where less is better. */
export const units: [Fact['metric'], Fact['unit'], boolean][] = [
  ['accounts', 'count', false],
  ['growth', 'percent', false],
  ['revenue', 'fen', false],
  ['deals_won', 'count', false],
  ['cities', 'count', false],
  ['response', 'percent', false],
  ['complaints', 'count', true],
  ['certificate', 'days', false],
]
