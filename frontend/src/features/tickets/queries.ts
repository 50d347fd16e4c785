import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Ticket = Schemas['Ticket']
export type TicketRow = Schemas['TicketRow']
export type Filter = {
  state?: string
  severity?: string
  overdue?: boolean
  mine?: boolean
  q?: string
  supplier?: string
  month?: string
  missed?: string
  sort?: string
}
type Headers = Record<string, string>

export const ticketsQuery = (filter: Filter) =>
  pagesQuery(['ticket', 'list', filter], (cursor, signal) =>
    list<Schemas['PageTicketRow']>('/api/tickets', { ...filter, cursor, limit: 50 }, signal),
  )
export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/tickets/{id}', { params: { path: { id } }, signal })),
  })
export const promisesQuery = queryOptions({
  queryKey: ['ticket', 'promises'],
  queryFn: ({ signal }) => data(api.GET('/api/ticket-promises', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})
export const servicesQuery = (search: { q?: string; account?: string }) =>
  queryOptions({
    queryKey: ['service', 'pick', search],
    queryFn: ({ signal }) => list<Schemas['ListService']>('/api/ticket-services', search, signal),
  })
export const offersQuery = (q: string) =>
  queryOptions({
    queryKey: ['market', 'pick', q],
    queryFn: ({ signal }) => list<Schemas['Market']>('/api/marketplace', { q: q.length >= 2 ? q : undefined, limit: 30 }, signal),
  })
export const raise = (body: Omit<Schemas['NewTicket'], '$schema'>, headers: Headers) => data(api.POST('/api/tickets', { body, headers }))
export const say = (id: string, kind: 'messages' | 'replies' | 'notes', body: { text: string; file_ids?: string[] }, headers: Headers) =>
  send<Ticket>('POST', `/api/tickets/${id}/${kind}`, body, headers)
