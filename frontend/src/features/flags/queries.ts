import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type FlagRow = Schemas['FlagRow']
export type Flag = Schemas['Flag']

export const flagsQuery = (filter: { state?: string }) =>
  pagesQuery(['flag', 'list', filter], (cursor, signal) =>
    data(api.GET('/api/flags', { params: { query: { ...filter, cursor, limit: 50 } }, signal })),
  )
export const flagQuery = (id: string) =>
  queryOptions({
    queryKey: ['flag', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/flags/{id}', { params: { path: { id } }, signal })),
  })
