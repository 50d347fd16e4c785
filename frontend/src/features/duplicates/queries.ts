import { act, list, send } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Pair = Schemas['DuplicatePair']
export type Filter = { state?: string; city?: string }
export type Field =
  | 'name'
  | 'kind'
  | 'tier'
  | 'industry'
  | 'district_code'
  | 'owner'
  | 'address'
  | 'contact'
  | 'demand'
  | 'staff_size'
  | 'emcp'
  | 'informatisation'
type Headers = Record<string, string>

export const duplicatesQuery = (filter: Filter) =>
  pagesQuery(['duplicate', 'list', filter], (cursor, signal) =>
    list<Schemas['PageDuplicatePair']>('/api/duplicates', { ...filter, cursor, limit: 20 }, signal),
  )
export const dismiss = (id: string, headers: Headers) => act('duplicates', id, 'dismiss', {}, headers)
export const merge = (keeper: string, loser: string, take: Field[], headers: Headers) =>
  send<Schemas['MergeMark']>('POST', '/api/merges', { keeper, loser, take }, headers)
export const undoMerge = (id: string) => send('POST', `/api/merges/${id}/undo`, {})
