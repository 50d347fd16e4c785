import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Member = Schemas['Member']
export type Invitation = Schemas['Invitation']
export type Role = Schemas['Role']
export type Delegation = Schemas['Delegation']
export type AccessReview = Schemas['AccessReview']
type Headers = Record<string, string>

export const membersQuery = queryOptions({
  queryKey: ['member', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/members', { signal })),
})
export const rolesQuery = queryOptions({
  queryKey: ['member', 'roles'],
  queryFn: ({ signal }) => data(api.GET('/api/roles', { signal })),
})
export const invitationsQuery = queryOptions({
  queryKey: ['member', 'invitations'],
  queryFn: ({ signal }) => data(api.GET('/api/invitations', { signal })),
})

export const invite = (body: Schemas['InviteInputBody'], headers: Record<string, string>) =>
  data(api.POST('/api/invitations', { body, headers }))
export const uninvite = (id: string) => send('DELETE', `/api/invitations/${id}`)
export const changeMember = (id: string, body: Schemas['MemberInputBody'], headers: Record<string, string>) =>
  send<Member>('PUT', `/api/members/${id}`, body, headers)
export const removeMember = (id: string) => send('DELETE', `/api/members/${id}`)

type RoleBody = { name: string; permissions: string[] }
export const newRole = (body: RoleBody, headers: Headers) => send<Role>('POST', '/api/roles', body, headers)
export const changeRole = (id: string, body: RoleBody & { version: number }, headers: Headers) =>
  send<Role>('PUT', `/api/roles/${id}`, body, headers)
export const dropRole = (id: string, headers: Headers) => send('DELETE', `/api/roles/${id}`, undefined, headers)

export const colleaguesQuery = queryOptions({
  queryKey: ['member', 'colleagues'],
  queryFn: ({ signal }) => data(api.GET('/api/colleagues', { signal })),
})
export const delegationsQuery = queryOptions({
  queryKey: ['delegation', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/delegations', { signal })),
})
export const delegate = (body: Omit<Schemas['DelegationInputBody'], '$schema'>, headers: Headers) =>
  send<Delegation>('POST', '/api/delegations', body, headers)
export const endDelegation = (id: string, headers: Headers) => send<Delegation>('POST', `/api/delegations/${id}/end`, {}, headers)

export const reviewQuery = queryOptions({
  queryKey: ['access_review'],
  queryFn: async ({ signal }) => (await data(api.GET('/api/access-review', { signal }))).items[0] ?? null,
})
export const openReview = (headers: Headers) => send<AccessReview>('POST', '/api/access-review', undefined, headers)
export const decideReview = (id: string, body: { items: string[]; confirm: boolean }, headers: Headers) =>
  send<AccessReview>('POST', `/api/access-review/${id}/decide`, body, headers)

export const resetLink = (id: string) => send<Schemas['Link']>('POST', `/api/members/${id}/reset_link`)
export const dropFactor = (id: string) => send('DELETE', `/api/members/${id}/factor`)
