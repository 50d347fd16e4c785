import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

export default {
  segments: { government_body: 'Government body', industrial: 'Large industrial firm', leader: 'Industry leader' },
  title: 'Target coverage',
  sub: 'Targets with an active service, of all targets',
  year: 'Year',
  segment: 'Segment',
  all: 'All segments',
  rate: 'Coverage',
  total: 'Total',
  targets: 'Targets',
  covered: 'Covered',
  last: 'Year before',
  change: 'Change',
  place: 'Place',
  points: (n) => `${n} points`,
  chart: (year) => `Coverage ${year} by place`,
  open: 'Open a bar to see its targets',
  asTable: 'Table',
  asChart: 'Chart',
  empty: 'No target marked for this year',
  emptyWhy: 'Choose accounts in the list and mark them, or fill in the two columns of an import.',
  toAccounts: 'To the accounts',
} satisfies Dict<typeof zh>
