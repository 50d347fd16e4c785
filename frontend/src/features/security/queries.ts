import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Security = Schemas['Security']
export type Device = Schemas['Session']
type Codes = Schemas['RecoveryCodes']

export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => data(api.GET('/api/me/security', { signal })),
})
export const devicesQuery = queryOptions({
  queryKey: ['security', 'devices'],
  queryFn: ({ signal }) => data(api.GET('/api/sessions', { signal })),
})

export const changePassword = (current: string, password: string) => send('PUT', '/api/me/password', { current, password })
export const beginFactor = (password: string) => send<Schemas['FactorSetup']>('POST', '/api/me/factor', { password })
export const confirmFactor = (code: string) => send<Codes>('POST', '/api/me/factor/confirm', { code })
export const renewCodes = (password: string, code: string) => send<Codes>('POST', '/api/me/factor/codes', { password, code })
export const removeFactor = (password: string, code: string) => send('POST', '/api/me/factor/remove', { password, code })
export const raise = (code: string) => send('POST', '/api/session/factor', { code })
export const endDevice = (id: string) => send('DELETE', `/api/sessions/${id}`)
export const endOthers = () => send('DELETE', '/api/sessions')
