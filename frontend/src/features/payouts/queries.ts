import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type BatchRow = Schemas['PayoutBatchRow']
export type Batch = Schemas['PayoutBatch']
export type Payout = Schemas['Payout']
export type Payee = Schemas['Payee']
export type Invoice = Schemas['Invoice']
export type Layout = BatchRow['layout']

export const deskQuery = queryOptions({
  queryKey: ['payout', 'desk'],
  queryFn: ({ signal }) => data(api.GET('/api/payout-batches', { params: { query: { limit: 1 } }, signal })),
})
export const batchesQuery = (filter: { state?: string }) =>
  pagesQuery(['payout', 'list', filter], (cursor, signal) =>
    data(api.GET('/api/payout-batches', { params: { query: { ...filter, cursor, limit: 50 } }, signal })),
  )
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['payout', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/payout-batches/{id}', { params: { path: { id } }, signal })),
  })
export const payeeQuery = queryOptions({
  queryKey: ['payee'],
  queryFn: ({ signal }) => data(api.GET('/api/payee', { signal })),
})

type Headers = Record<string, string>
export const makeBatch = (layout: Layout, headers: Headers) => send<Batch>('POST', '/api/payout-batches', { layout }, headers)
export const approveReady = (headers: Headers) => send<Schemas['Approved']>('POST', '/api/statements/approve_ready', {}, headers)
export const savePayee = (body: Payee, headers: Headers) => send<Payee>('PUT', '/api/payee', body, headers)
export const addInvoice = (statement: string, body: Invoice, headers: Headers) =>
  send<Schemas['Statement']>('POST', `/api/statements/${statement}/invoices`, body, headers)
