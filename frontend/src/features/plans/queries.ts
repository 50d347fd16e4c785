import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Plan = Schemas['Plan']
export type PlanRule = Schemas['PlanRule']
export type PlanDocument = Omit<Schemas['PlanDocument'], '$schema' | 'rules'> & { rules: PlanRule[] }
type Headers = Record<string, string>

export const plansQuery = queryOptions({
  queryKey: ['plan', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/plans', { signal })),
})
export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ['plan', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/plans/{id}', { params: { path: { id } }, signal })),
  })
export type WhatIf = Schemas['WhatIf']
export const whatIfQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['plan', 'what_if', id, from, to],
    queryFn: ({ signal }) => data(api.GET('/api/plans/{id}/what_if', { params: { path: { id }, query: { from, to } }, signal })),
    retry: false,
  })
export const newPlan = (body: PlanDocument, headers: Headers) => data(api.POST('/api/plans', { body, headers }))
export const editPlan = (id: string, document: PlanDocument, version: number, headers: Headers) =>
  send<Plan>('PUT', `/api/plans/${id}`, { document, version }, headers)
