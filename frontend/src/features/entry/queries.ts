import { queryOptions } from '@tanstack/react-query'
import { api, data } from '../../shared/api/client'

export const demoLogins = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => data(api.GET('/api/demo/logins', { signal })),
  retry: false,
})

export const invitation = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => data(api.GET('/api/invitations/token/{token}', { params: { path: { token } }, signal })),
  })

export const signIn = (email: string, password: string, code?: string) =>
  data(api.POST('/api/session', { body: { email, password, code: code || undefined } }))

/** Sign-in services of a mail domain; the mailbox itself is not asked about. */
export const signInWays = (domain: string) =>
  queryOptions({
    queryKey: ['ways', domain],
    queryFn: ({ signal }) => data(api.POST('/api/session/discover', { body: { email: `anybody@${domain}` }, signal })),
    enabled: domain.includes('.'),
    retry: false,
  })

export const generalWays = queryOptions({
  queryKey: ['ways'],
  queryFn: ({ signal }) => data(api.GET('/api/session/ways', { signal })),
})

export const depart = (provider_id: string, back?: string) => data(api.POST('/api/session/provider', { body: { provider_id, back } }))
export const arrive = (state: string, code: string) => data(api.POST('/api/session/return', { body: { state, code } }))
export const forgot = (email: string) => data(api.POST('/api/password/forgot', { body: { email } }))
export const resetPassword = (token: string, password: string) => data(api.POST('/api/password/reset', { body: { token, password } }))
