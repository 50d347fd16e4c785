import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Group = Schemas['GroupPurchase']
export type NewGroup = { name: string; listing_id: string; steps: Schemas['GroupStep'][]; closes_on: string }

export const groupsQuery = (listing?: string) =>
  queryOptions({
    queryKey: ['group', listing],
    queryFn: ({ signal }) => data(api.GET('/api/group-purchases', { params: { query: { listing_id: listing } }, signal })),
  })
export const newGroup = (body: NewGroup, headers: Record<string, string>) => send<Group>('POST', '/api/group-purchases', body, headers)
