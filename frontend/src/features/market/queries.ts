import { queryOptions } from '@tanstack/react-query'
import { list } from '../../shared/api/act'
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
}

export const marketQuery = ({ q, ...filter }: Filter) =>
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
