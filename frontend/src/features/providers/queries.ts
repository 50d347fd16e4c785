import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Provider = Schemas['Provider']
export type MailDomain = Schemas['MailDomain']
export type ProviderBody = Schemas['ProviderBody']

export const providersQuery = queryOptions({
  queryKey: ['provider', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/providers', { signal })),
})

export const saveProvider = (id: string | undefined, body: ProviderBody, headers: Record<string, string>) =>
  id ? send<Provider>('PUT', `/api/providers/${id}`, body, headers) : send<Provider>('POST', '/api/providers', body, headers)
export const checkProvider = (id: string) => send<Schemas['ProviderCheck']>('POST', `/api/providers/${id}/check`)
export const checkDomain = (id: string) => send<Schemas['MailDomainCheck']>('POST', `/api/mail_domains/${id}/check`)
