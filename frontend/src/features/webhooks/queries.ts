import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Webhook = Schemas['Webhook']
export type Delivery = Schemas['WebhookDelivery']
export type WebhookBody = Schemas['WebhookBody']
export type Filter = { state?: string }

export const webhooksQuery = queryOptions({
  queryKey: ['webhook', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/webhooks', { signal })),
})
export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhook', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/webhooks/{id}', { params: { path: { id } }, signal })),
  })
export const deliveriesQuery = (id: string, filter: Filter) =>
  pagesQuery(['webhook', 'deliveries', id, filter], (cursor, signal) =>
    list<Schemas['PageWebhookDelivery']>(`/api/webhooks/${id}/deliveries`, { state: filter.state, cursor }, signal),
  )

export const saveWebhook = (id: string | undefined, body: WebhookBody, headers: Record<string, string>) =>
  id ? send<Webhook>('PUT', `/api/webhooks/${id}`, body, headers) : send<Webhook>('POST', '/api/webhooks', body, headers)
export const rotate = (id: string) => send<Webhook>('POST', `/api/webhooks/${id}/rotate`)
export const trial = (id: string) => send<Delivery>('POST', `/api/webhooks/${id}/test`)
export const replay = (id: string, delivery?: string) =>
  send<Schemas['Replayed']>('POST', delivery ? `/api/webhooks/${id}/deliveries/${delivery}/replay` : `/api/webhooks/${id}/replay`)
export const remove = (id: string) => send('DELETE', `/api/webhooks/${id}`)
