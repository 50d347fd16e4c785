import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Partner = Schemas['Partner']
export type PartnerRow = Schemas['PartnerRow']
export type PartnerFilter = { state?: string; q?: string }

export const ownPartner = queryOptions({
  queryKey: ['partner', 'own'],
  queryFn: ({ signal }) => data(api.GET('/api/partner', { signal })),
})

export const partnerQuery = (id: string) =>
  queryOptions({
    queryKey: ['partner', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/partners/{id}', { params: { path: { id } }, signal })),
  })

export const partnersQuery = ({ state, q }: PartnerFilter) =>
  pagesQuery(['partner', 'list', state, q], (cursor, signal) =>
    list<Schemas['PagePartnerRow']>(
      '/api/partners',
      { cursor, limit: 50, q, ...(state === 'queue' ? { queue: true } : state === 'all' ? {} : { state }) },
      signal,
    ),
  )

export const speedQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', 'speed', id],
    queryFn: ({ signal }) => data(api.GET('/api/partners/{id}/speed', { params: { path: { id } }, signal })),
  })

export const saveProfile = (id: string, body: Schemas['PartnerInputBody'], headers: Record<string, string>) =>
  send<Partner>('PUT', `/api/partners/${id}`, body, headers)

export const rejectPartner = (id: string, body: Schemas['RejectInputBody'], headers: Record<string, string>) =>
  send<Partner>('POST', `/api/partners/${id}/reject`, body, headers)

export const answerQuestion = (id: string, question: string, text: string, headers: Record<string, string>) =>
  send<Partner>('POST', `/api/partners/${id}/questions/${question}/answer`, { text }, headers)

export const addDocument = (id: string, body: Schemas['DocumentInputBody']) => send('POST', `/api/partners/${id}/documents`, body)

export const removeDocument = (id: string, sub: string) => send('DELETE', `/api/partners/${id}/documents/${sub}`)

export type Formula = Schemas['TierFormula']
export type Move = Schemas['TierMove']
export type TierCard = Schemas['Standing']

export const standingQuery = (id: string) =>
  queryOptions({
    queryKey: ['partner', 'standing', id],
    queryFn: ({ signal }) => data(api.GET('/api/partners/{id}/standing', { params: { path: { id } }, signal })),
  })

export const formulasQuery = queryOptions({
  queryKey: ['partner', 'formulas'],
  queryFn: ({ signal }) => data(api.GET('/api/tier-formulas', { signal })),
})

export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['partner', 'comparison', id],
    queryFn: ({ signal }) => data(api.GET('/api/tier-formulas/{id}/comparison', { params: { path: { id } }, signal })),
  })

export const objectionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['partner', 'objections', id],
    queryFn: ({ signal }) => data(api.GET('/api/tier-formulas/{id}/objections', { params: { path: { id } }, signal })),
  })

export const movesQuery = pagesQuery(['partner', 'moves'], (cursor, signal) =>
  list<Schemas['PageTierMove']>('/api/tier-moves', { cursor, limit: 50 }, signal),
)

export const proposeMove = (body: object, headers: Record<string, string>) => send<Move>('POST', '/api/tier-moves', body, headers)

export const proposeFormula = (body: object, headers: Record<string, string>) => send<Formula>('POST', '/api/tier-formulas', body, headers)
