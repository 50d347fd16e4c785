import type { Dict } from '../../shared/i18n'
import type { zh } from './zh'

const en: Dict<typeof zh> = {
  title: 'Notices',
  sub: 'What needs you, and what you should know',
  kinds: { needs: 'Needs me', info: 'For information' },
  unread: 'Unread only',
  readAll: 'Mark all as read',
  allRead: 'All marked as read',
  read: 'Mark as read',
  unreadAgain: 'Mark as unread',
  done: 'Done',
  isNew: 'Unread',
  more: 'Show earlier ones',
  all: 'All notices',
  empty: { needs: 'Nothing needs you', info: 'Nothing new' },
  emptyWhy: 'When somebody waits for you, or a record of yours changes, it appears here.',
}
export default en
