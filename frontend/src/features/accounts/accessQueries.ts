import { queryOptions } from '@tanstack/react-query'
import { act, list } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type AccessStep = Schemas['AccessStep']
export type Grant = Schemas['Grant']
type Headers = Record<string, string>

export const peopleQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'access', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}/access', { params: { path: { id } }, signal })),
  })
export const grantsQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'grants', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}/grants', { params: { path: { id } }, signal })),
  })
export const looksQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', 'looks', id],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}/looks', { params: { path: { id } }, signal })),
  })
export const explainQuery = (id: string, email: string) =>
  queryOptions({
    queryKey: ['account', 'explain', id, email],
    queryFn: ({ signal }) => data(api.GET('/api/accounts/{id}/explain', { params: { path: { id }, query: { email } }, signal })),
  })
export const partnersQuery = (q: string) =>
  queryOptions({
    queryKey: ['partner', 'pick', q],
    queryFn: ({ signal }) => list<Schemas['PagePartnerRow']>('/api/partners', { state: 'active', q: q || undefined, limit: 20 }, signal),
  })
export const giveGrant = (id: string, body: Omit<Schemas['GrantInputBody'], '$schema'>, headers: Headers) =>
  act<Grant>('accounts', id, 'grants', body, headers)
export const endGrant = (id: string, grant: string, reason: string, headers: Headers) =>
  act('accounts', id, `grants/${grant}/end`, { reason }, headers)
export const reveal = (id: string, reason: string, headers: Headers) =>
  act<Schemas['Uncovered']>('accounts', id, 'reveal', { reason }, headers)
