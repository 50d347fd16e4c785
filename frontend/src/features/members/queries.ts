import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Member = Schemas['Member']
export type Invitation = Schemas['Invitation']

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
