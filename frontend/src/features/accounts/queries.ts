import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Account = Schemas['Account']
export type AccountRow = Schemas['AccountRow']
export type AccountEdit = Omit<Schemas['AccountEdit'], '$schema'>
export type Filter = {
  q?: string
  city?: string
  district?: string
  kind?: string
  tier?: string
  industry?: string
  owner?: string
  sort?: string
}
type Headers = Record<string, string>

export const accountsQuery = ({ q, ...filter }: Filter) =>
  pagesQuery(['account', 'list', filter, q], (cursor, signal) =>
    list<Schemas['PageAccountRow']>('/api/accounts', { ...filter, q: q && q.length >= 2 ? q : undefined, cursor, limit: 50 }, signal),
  )
export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}', { params: { path: { id } }, signal })),
  })
export const membersQuery = queryOptions({
  queryKey: ['member', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/members', { signal })),
})
export const newAccount = (body: AccountEdit, headers: Headers) => data(api.POST('/api/accounts', { body, headers }))
export const editAccount = (id: string, body: AccountEdit, headers: Headers) => send<Account>('PUT', `/api/accounts/${id}`, body, headers)
