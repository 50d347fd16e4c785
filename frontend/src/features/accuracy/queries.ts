import { queryOptions } from '@tanstack/react-query'
import { act, list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Audit = Schemas['AccuracyAudit']
export type Detail = Schemas['AccuracyDetail']
export type Finding = Schemas['AccuracyFinding']
type Headers = Record<string, string>

export const yearQuery = (year?: string) =>
  queryOptions({
    queryKey: ['accuracy', 'year', year],
    queryFn: ({ signal }) => list<Schemas['AccuracyYear']>('/api/accuracy', { year }, signal),
  })
export const auditQuery = (id: string) =>
  queryOptions({
    queryKey: ['accuracy', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/accuracy/{id}', { params: { path: { id } }, signal })),
  })
export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}', { params: { path: { id } }, signal })),
  })
export const draw = (body: { city_code: string; size: number; seed?: string }, headers: Headers) =>
  send<Audit>('POST', '/api/accuracy', body, headers)
export const check = (id: string, findings: Finding[], headers: Headers) => act('accuracy-records', id, 'check', { findings }, headers)
export const missed = (id: string, headers: Headers) => act('accuracy-records', id, 'unreachable', {}, headers)
export const closeAudit = (id: string, headers: Headers) => act<Audit>('accuracy', id, 'close', {}, headers)
