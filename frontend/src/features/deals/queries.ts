import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Deal = Schemas['Deal']
export type DealRow = Schemas['DealRow']
export type Filter = { state?: string; stage?: string; q?: string; view?: string }
export type Stage = DealRow['stage']
type Headers = Record<string, string>

export const funnelQuery = queryOptions({
  queryKey: ['deal', 'funnel'],
  queryFn: ({ signal }) => data(api.GET('/api/deals/funnel', { signal })),
})
export const dealsQuery = ({ state, stage, q }: Filter) =>
  pagesQuery(['deal', 'list', state, stage, q], (cursor, signal) =>
    list<Schemas['PageDealRow']>('/api/deals', { state, stage, q, cursor, limit: 50 }, signal),
  )
export const dealQuery = (id: string) =>
  queryOptions({
    queryKey: ['deal', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/deals/{id}', { params: { path: { id } }, signal })),
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
export const checkDeal = (credit_code: string) => data(api.POST('/api/deals/check', { body: { credit_code } }))
export const newDeal = (body: Schemas['NewDeal'], headers: Headers) => data(api.POST('/api/deals', { body, headers }))
export const setStage = (id: string, stage: Stage, headers: Headers) => send<Deal>('POST', `/api/deals/${id}/stage`, { stage }, headers)
