import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

export default {
  title: 'Billing and usage',
  sub: 'Billing months and usage from outside; a file is tried before it is imported',
  kinds: { billing: 'Billing months', usage: 'Usage', answers: 'Bank answers' },
  columns: {
    answers: 'Payout, amount (yuan), result (paid or failed), bank reference, why it failed, day',
    billing: 'ID, service number, billing month (YYYY-MM), month of the service, revenue (yuan), active units',
    usage: 'ID, service number, day, element, quantity',
  },
  why: {
    answers: 'A row is what became of a payout. What failed is due again; money that comes back wins over an earlier success.',
    billing: 'A row is the revenue of a service in a billing month; commission accrues at once.',
    usage: 'A row is the use of an element of a service on a day; it is shown with the order.',
  },
  once: 'The sender gives the ID: the same one again counts once, and is refused with other content.',
  template: 'Template',
  choose: 'Try a file',
  tooBig: 'The file is over 4 MB; split it',
  found: (name, rows) => `${name}: ${rows} rows`,
  fresh: 'New',
  repeated: 'Imported before',
  bad: 'Rows with faults',
  sum: 'Sum of amounts',
  faults: 'These cells need correction',
  faultsWhy: 'Correct them and choose the file again. Nothing was imported.',
  more: (n) => `The first ${n} only`,
  row: (n, cell) => (cell ? `Row ${n}, ${cell}` : `Row ${n}`),
  apply: 'Import',
  applied: (n) => `${n} rows imported`,
  nothing: 'Nothing new to import',
  api: 'Sent by a system',
  apiWhy: '5000 at a time, repeated or late is fine; a batch is taken whole or not at all.',
} satisfies Dict<typeof zh>
