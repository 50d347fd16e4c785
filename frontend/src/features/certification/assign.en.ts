import type { Dict } from '../../shared/i18n'
import type { zh } from './assign.zh'

export default {
  act: 'Assign',
  title: 'Assign to test engineers',
  sub: 'Shared out by what is left of the budgets in hand, the most urgent first; whoever has to stand aside is left out. Each can be changed.',
  head: ['Case', 'Work left', 'Test engineer'],
  days: (days) => `${days} days`,
  tester: 'Test engineer',
  nobody: 'Not now',
  inHand: (cases, days) => `${cases} in hand, ${days} days`,
  leftOut: 'Stand aside',
  load: 'In hand before and after',
  loadHead: ['Test engineer', 'Now', 'After'],
  reason: 'Why somebody else',
  reasonHelp: (name) => `${name} tests it now; what was recorded stays, and both sides see the reason.`,
  go: (n) => `Assign ${n}`,
  done: (n) => `${n} assigned; the test engineers are told`,
  refused: (n) => (n === 1 ? '1 was not assigned' : `${n} were not assigned`),
  close: 'Close',
} satisfies Dict<typeof zh>
