import { queryOptions } from '@tanstack/react-query'
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
  pagesQuery(['partner', 'list', state, q], (cursor, signal) => {
    const queue = state === undefined || state === 'queue'
    return data(
      api.GET('/api/partners', {
        params: {
          query: { cursor, limit: 50, q, ...(queue ? { queue: true } : state === 'all' ? {} : { state: state as PartnerRow['state'] }) },
        },
        signal,
      }),
    )
  })

export const saveProfile = (id: string, body: Schemas['PartnerInputBody'], headers: Record<string, string>) =>
  data(api.PUT('/api/partners/{id}', { params: { path: { id } }, body, headers }))

export const addDocument = (id: string, body: Schemas['DocumentInputBody']) =>
  data(api.POST('/api/partners/{id}/documents', { params: { path: { id } }, body }))

export const removeDocument = (id: string, sub: string) =>
  data(api.DELETE('/api/partners/{id}/documents/{sub}', { params: { path: { id, sub } } }))
