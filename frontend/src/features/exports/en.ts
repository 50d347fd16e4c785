import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

export default {
  states: { queued: 'Queued', running: 'In progress', done: 'Ready', cancelled: 'Cancelled', failed: 'Failed', expired: 'Expired' },
  title: 'Export centre',
  sub: 'Yours alone to fetch; kept for a day',
  columns: { file: 'File', state: 'State', rows: 'Rows', size: 'Size', at: 'Time' },
  empty: 'Nothing exported yet',
  emptyWhy: 'Press Export on the list of accounts; the workbook appears here.',
  download: 'Download',
  cancel: 'Cancel',
  cancelled: 'Export cancelled',
  until: (when) => `until ${when}`,
  progress: (n, all) => `${n} of ${all}`,
} satisfies Dict<typeof zh>
