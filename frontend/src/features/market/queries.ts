import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Offer = Schemas['Offer']
export type OfferDetail = Schemas['OfferDetail']
export type Filter = {
  q?: string
  city?: string
  industry?: string[]
  category?: string[]
  scope?: string[]
  certified?: boolean
  sort?: string
  view?: string
  compare?: string[]
}

export const marketQuery = ({ q, view: _view, compare: _compare, ...filter }: Filter) =>
  pagesQuery(['market', 'list', filter, q], (cursor, signal) =>
    list<Schemas['Market']>(
      '/api/marketplace',
      {
        ...filter,
        // a list travels as one comma-separated value
        ...Object.fromEntries(
          (['industry', 'category', 'scope'] as const).map((key) => [key, filter[key]?.length ? filter[key].join(',') : undefined]),
        ),
        q: q && q.trim().length >= 2 ? q.trim() : undefined,
        cursor,
        limit: 24,
      },
      signal,
    ),
  )
export const offerQuery = (id: string) =>
  queryOptions({
    queryKey: ['market', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/marketplace/{id}', { params: { path: { id } }, signal })),
  })

export const tierCriteriaQuery = queryOptions({
  queryKey: ['market', 'tiers'],
  queryFn: ({ signal }) => data(api.GET('/api/tier-criteria', { signal })),
})

export type OpenedTrial = Schemas['OpenedTrial']
export const trialQuery = (id: string) =>
  queryOptions({
    queryKey: ['market', 'trial', id],
    queryFn: ({ signal }) => data(api.GET('/api/marketplace/{id}/trial', { params: { path: { id } }, signal })),
  })
export const askTrial = (id: string, reason: string, headers: Record<string, string>) =>
  send<Schemas['Trial']>('POST', `/api/marketplace/${id}/trial`, { reason }, headers)
export const openTrial = (id: string, headers: Record<string, string>) =>
  send<OpenedTrial>('POST', `/api/trials/${id}/open`, undefined, headers)

/** The person's shelf: solutions marked, and those looked at last. */
export const favouritesQuery = queryOptions({
  queryKey: ['market', 'favourites'],
  queryFn: ({ signal }) => data(api.GET('/api/favourites', { signal })),
})
export const recentQuery = queryOptions({
  queryKey: ['market', 'recent'],
  queryFn: ({ signal }) => data(api.GET('/api/recent-offers', { signal })),
  staleTime: 0,
})
export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['market', 'suggestions', q],
    queryFn: ({ signal }) => data(api.GET('/api/market-suggestions', { params: { query: { q } }, signal })),
    enabled: q.length >= 2,
    staleTime: 60_000,
  })
export const favour = (id: string, favourite: boolean, headers: Record<string, string>) =>
  send('POST', `/api/marketplace/${id}/favourite`, { favourite }, headers)

export const mostCompared = 4
