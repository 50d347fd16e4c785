import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type ReviewRow = Schemas['ReviewRow']
export type Certification = Schemas['Certification']
export type Listing = Schemas['Listing']

export const reviewsQuery = queryOptions({
  queryKey: ['review', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/reviews', { signal })),
})
export const approveTogether = (ids: string[], headers: Record<string, string>) =>
  send<{ items: Schemas['BulkResult'][] }>('POST', '/api/reviews/approve', { ids }, headers)
export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ['certification', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/certifications/{id}', { params: { path: { id } }, signal })),
  })
export const recordQuery = (row: ReviewRow) => (row.kind === 'listing' ? offerQuery(row.id) : caseQuery(row.id))
export const offerQuery = (id: string) =>
  queryOptions({
    queryKey: ['listing', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/listings/{id}', { params: { path: { id } }, signal })),
  })
