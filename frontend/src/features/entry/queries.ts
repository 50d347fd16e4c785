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

export const signIn = (email: string, password: string) => data(api.POST('/api/session', { body: { email, password } }))
