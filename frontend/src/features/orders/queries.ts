import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Quote = Schemas['Quote']
export type QuoteRow = Schemas['QuoteRow']
export type Order = Schemas['Order']
export type OrderRow = Schemas['OrderRow']
export type Delivery = Schemas['Delivery']
export type Task = Schemas['Task']
export type PlanTask = Schemas['PlanTask']
export type Price = Schemas['Price']
export type Element = Schemas['Element']
export type MenuRules = Schemas['MenuRules']
export type NewQuote = Omit<Schemas['NewQuote'], '$schema'>
export type Filter = { state?: string; q?: string; mine?: boolean; view?: string }
type Headers = Record<string, string>

export const quotesQuery = ({ q, mine }: Filter) =>
  pagesQuery(['quote', 'list', q, mine], (cursor, signal) =>
    list<Schemas['PageQuoteRow']>('/api/quotes', { q, mine, cursor, limit: 50 }, signal),
  )
export const quoteQuery = (id: string) =>
  queryOptions({
    queryKey: ['quote', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/quotes/{id}', { params: { path: { id } }, signal })),
  })
export const priceQuery = (body: NewQuote) =>
  queryOptions({
    queryKey: ['quote', 'price', body],
    queryFn: ({ signal }) => data(api.POST('/api/quotes/price', { body, signal })),
    staleTime: 60_000,
    retry: false,
  })
export const ordersQuery = ({ q, state }: Filter) =>
  pagesQuery(['order', 'list', q, state], (cursor, signal) =>
    list<Schemas['PageOrderRow']>('/api/orders', { q, state, cursor, limit: 50 }, signal),
  )
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/orders/{id}', { params: { path: { id } }, signal })),
  })
export const quotableQuery = queryOptions({
  queryKey: ['deal', 'quotable'],
  queryFn: ({ signal }) => list<Schemas['PageDealRow']>('/api/deals', { state: 'protected', limit: 100 }, signal),
})
export const boardQuery = (q?: string) =>
  queryOptions({
    queryKey: ['order', 'board', q],
    queryFn: ({ signal }) => data(api.GET('/api/orders/board', { params: { query: { q } }, signal })),
  })
export const consequencesQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['order', 'consequences', id, version],
    queryFn: ({ signal }) => data(api.GET('/api/orders/{id}/consequences', { params: { path: { id } }, signal })),
  })
export const usageQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', 'usage', id],
    queryFn: ({ signal }) => data(api.GET('/api/orders/{id}/usage', { params: { path: { id } }, signal })),
  })
export const capacityQuery = queryOptions({
  queryKey: ['capacity'],
  queryFn: ({ signal }) => data(api.GET('/api/delivery-capacity', { signal })),
})
export const setCapacity = (most: number | undefined, headers: Headers) =>
  send<Schemas['Capacity']>('PUT', '/api/delivery-capacity', { most }, headers)
export const deliveriesQuery = (filter: Filter) =>
  pagesQuery(['delivery', 'list', filter], (cursor, signal) =>
    list<Schemas['PageDelivery']>('/api/deliveries', { ...filter, cursor, limit: 50 }, signal),
  )
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['delivery', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/deliveries/{id}', { params: { path: { id } }, signal })),
  })
export const dealQuery = (id: string) =>
  queryOptions({
    queryKey: ['deal', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/deals/{id}', { params: { path: { id } }, signal })),
  })
export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}', { params: { path: { id } }, signal })),
  })
export const accountsQuery = (q: string) =>
  queryOptions({
    queryKey: ['account', 'pick', q],
    queryFn: ({ signal }) => list<Schemas['PageAccountRow']>('/api/accounts', { q: q.length >= 2 ? q : undefined, limit: 20 }, signal),
  })
export const offersQuery = (q: string) =>
  queryOptions({
    queryKey: ['market', 'pick', q],
    queryFn: ({ signal }) => list<Schemas['Market']>('/api/marketplace', { q: q.length >= 2 ? q : undefined, limit: 30 }, signal),
  })
export const offerQuery = (id: string) =>
  queryOptions({
    queryKey: ['market', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/marketplace/{id}', { params: { path: { id } }, signal })),
  })

export type SharedQuote = Schemas['SharedQuote']
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => data(api.GET('/api/shared-quotes/{token}', { params: { path: { token } }, signal })),
    retry: false,
    staleTime: 30_000,
  })
export const acceptShared = (token: string, name: string, headers: Headers) =>
  send<SharedQuote>('POST', `/api/shared-quotes/${encodeURIComponent(token)}/accept`, { name }, headers)
export const askShared = (token: string, said: { name: string; text: string }, headers: Headers) =>
  send<SharedQuote>('POST', `/api/shared-quotes/${encodeURIComponent(token)}/ask`, said, headers)
export const shareQuote = (id: string, days: number, headers: Headers) =>
  send<Schemas['QuoteShare']>('POST', `/api/quotes/${id}/shares`, { days }, headers)
export const revokeShare = (id: string, share: string, headers: Headers) =>
  send('DELETE', `/api/quotes/${id}/shares/${share}`, undefined, headers)
export const answerShare = (id: string, share: string, text: string, headers: Headers) =>
  send<Quote>('POST', `/api/quotes/${id}/shares/${share}/answer`, { text }, headers)

export const saveQuote = (id: string | undefined, body: NewQuote & { version?: number }, headers: Headers) =>
  id ? send<Quote>('PUT', `/api/quotes/${id}`, body, headers) : send<Quote>('POST', '/api/quotes', body, headers)
export const planDelivery = (id: string, body: { tasks: PlanTask[]; version: number }, headers: Headers) =>
  send<Delivery>('PUT', `/api/deliveries/${id}/plan`, body, headers)
export const recordAcceptance = (id: string, body: Omit<Schemas['Acceptance'], '$schema'>, headers: Headers) =>
  send<Order>('POST', `/api/orders/${id}/acceptance`, body, headers)
