import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Graduation = Schemas['Graduation']
export type GraduationRow = Schemas['GraduationRow']
export type Fact = Schemas['GraduationFact']
export type Task = Schemas['RolloutTask']
export type Threshold = Schemas['Threshold']
export type Spot = Schemas['ProductSpot']
export type ProductMap = Schemas['ProductMap']
export type Filter = { state?: string; kind?: string; q?: string; solution?: string; view?: string }
export type TaskFilter = { state?: string; kind?: string; reason?: string; q?: string; graduation?: string }
type Headers = Record<string, string>

export const touches = ['graduation', 'rollout', 'listing', 'market', 'home']

export const graduationsQuery = ({ view: _, ...filter }: Filter) =>
  pagesQuery(['graduation', 'list', filter], (cursor, signal) =>
    list<Schemas['PageGraduationRow']>('/api/graduations', { ...filter, cursor, limit: 100 }, signal),
  )
export const graduationQuery = (id: string) =>
  queryOptions({
    queryKey: ['graduation', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/graduations/{id}', { params: { path: { id } }, signal })),
  })
export const rolloutsQuery = (filter: TaskFilter) =>
  pagesQuery(['rollout', 'list', filter], (cursor, signal) =>
    list<Schemas['PageRolloutTask']>('/api/rollouts', { ...filter, cursor, limit: 50 }, signal),
  )
export const thresholdsQuery = queryOptions({
  queryKey: ['threshold', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/thresholds', { signal })),
})
export const mapQuery = (quarter?: string) =>
  queryOptions({
    queryKey: ['product_map', quarter],
    queryFn: ({ signal }) => list<ProductMap>('/api/product-map', { quarter }, signal),
  })
export const step = (id: string, action: string, body: object, headers: Headers) =>
  send<Graduation>('POST', `/api/graduations/${id}/${action}`, body, headers)
export const answer = (id: string, action: string, body: object, headers: Headers) =>
  send<Task>('POST', `/api/rollouts/${id}/${action}`, body, headers)
export const propose = (body: object, headers: Headers) => send<Threshold>('POST', '/api/thresholds', body, headers)
export const override = (id: string, body: object, headers: Headers) => send<Spot>('POST', `/api/product-map/${id}/override`, body, headers)
