import { list } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Trial = Schemas['Trial']

export const trialsQuery = pagesQuery(['trial', 'list'], (cursor, signal) =>
  list<Schemas['PageTrial']>('/api/trials', { cursor, limit: 50 }, signal),
)
