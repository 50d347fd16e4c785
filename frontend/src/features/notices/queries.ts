import { list, send } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Notice = Schemas['NoticeItem']
export type Kind = Notice['kind']
type NoticePage = Schemas['PageNoticeItem']
export type Filter = { kind?: string; unread?: boolean }

export const noticesQuery = (filter: Filter) =>
  pagesQuery(['notice', 'list', filter], (cursor, signal) =>
    list<NoticePage>('/api/notices', { ...filter, unread: filter.unread || undefined, cursor }, signal),
  )

export const readNotices = (seqs: number[], read: boolean) => send('POST', '/api/notices/read', { seqs, read })
export const readAllNotices = (kind: Kind, up_to: number) => send('POST', '/api/notices/read_all', { kind, up_to })
