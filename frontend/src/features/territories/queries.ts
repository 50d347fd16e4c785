import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Territory = Schemas['Territory']
export type TerritoryEdit = Omit<Schemas['TerritoryEdit'], '$schema'>
export type Assignment = Schemas['Assignment']
type Headers = Record<string, string>

export const territoriesQuery = queryOptions({
  queryKey: ['territory', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/territories', { signal })),
})
export const assignmentsQuery = queryOptions({
  queryKey: ['assignment', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/assignments', { signal })),
})
export const membersQuery = queryOptions({
  queryKey: ['member', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/members', { signal })),
})
export const saveTerritory = (id: string | undefined, body: TerritoryEdit, headers: Headers) =>
  id ? send<Territory>('PUT', `/api/territories/${id}`, body, headers) : send<Territory>('POST', '/api/territories', body, headers)
export const dropTerritory = (id: string, headers: Headers) => send('DELETE', `/api/territories/${id}`, undefined, headers)
export const applyTerritories = (all: boolean, headers: Headers) => send<Assignment>('POST', '/api/territories/apply', { all }, headers)
export const undoAssignment = (id: string, headers: Headers) => send<Assignment>('POST', `/api/assignments/${id}/undo`, {}, headers)
