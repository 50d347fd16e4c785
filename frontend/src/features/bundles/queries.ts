import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Bundle = Schemas['Bundle']
export type NewBundle = { name: string; summary: string; ppm: number; items: Schemas['NewBundleItem'][] }
type Headers = Record<string, string>

export const bundlesQuery = queryOptions({
  queryKey: ['bundle'],
  queryFn: ({ signal }) => data(api.GET('/api/bundles', { signal })),
})
export const newBundle = (body: NewBundle, headers: Headers) => send<Bundle>('POST', '/api/bundles', body, headers)
export const quoteBundle = (
  id: string,
  body: { account_id?: string; deal_id?: string; sets: number; term_months: number },
  headers: Headers,
) => send<{ items: Schemas['QuoteRow'][] }>('POST', `/api/bundles/${id}/quotes`, body, headers)
