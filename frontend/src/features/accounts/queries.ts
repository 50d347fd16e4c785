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
  existing?: string
  quality?: string
  target?: string
  segment?: string
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

export type Contact = Schemas['Contact']
export type ContactEdit = Omit<Schemas['ContactEdit'], '$schema'>
export type View = Schemas['View']
export type Choice = Omit<Schemas['AccountChoice'], '$schema'>
export type Assignment = Schemas['Assignment']

export const contactsQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'contacts', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}/contacts', { params: { path: { id } }, signal })),
  })
export const saveContact = (account: string, id: string | undefined, body: ContactEdit, headers: Headers) =>
  id
    ? send('PUT', `/api/accounts/${account}/contacts/${id}`, body, headers)
    : send('POST', `/api/accounts/${account}/contacts`, body, headers)
export const dropContact = (account: string, id: string, headers: Headers) =>
  send('DELETE', `/api/accounts/${account}/contacts/${id}`, undefined, headers)

const bought = <P>(topic: string, path: string, account: string) =>
  queryOptions({ queryKey: [topic, 'account', account], queryFn: ({ signal }) => list<P>(path, { account, limit: 20 }, signal) })
export const servicesOf = (account: string) => bought<Schemas['PageService']>('service', '/api/services', account)
export const ticketsOf = (account: string) => bought<Schemas['PageTicketRow']>('ticket', '/api/tickets', account)
export const dealsOf = (account: string) => bought<Schemas['PageDealRow']>('deal', '/api/deals', account)
export const ordersOf = (account: string) => bought<Schemas['PageOrderRow']>('order', '/api/orders', account)

export const viewsQuery = queryOptions({
  queryKey: ['view', 'accounts'],
  queryFn: ({ signal }) => data(api.GET('/api/views', { params: { query: { list: 'accounts' } }, signal })),
})
export const saveView = (body: Omit<Schemas['ViewEdit'], '$schema'>, headers: Headers) => send<View>('POST', '/api/views', body, headers)
export const dropView = (id: string, headers: Headers) => send('DELETE', `/api/views/${id}`, undefined, headers)

export const countChoice = (choice: Choice) =>
  queryOptions({
    queryKey: ['account', 'count', choice],
    queryFn: () => send<Schemas['Counted']>('POST', '/api/account-choice/count', choice),
  })
export const assign = (choice: Choice, owner_id: string | undefined, headers: Headers) =>
  send<Assignment>('POST', '/api/account-choice/assign', { ...choice, owner_id }, headers)
export const undoAssignment = (id: string) => send<Assignment>('POST', `/api/assignments/${id}/undo`, {})
export const target = (choice: Choice, year: number, segment: string | undefined, headers: Headers) =>
  send<Schemas['Counted']>('POST', '/api/account-choice/target', { ...choice, year, segment }, headers)
export const undoMerge = (id: string, headers: Headers) => send('POST', `/api/merges/${id}/undo`, {}, headers)
