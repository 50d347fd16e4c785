import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Line = Schemas['CommissionLine']
export type StatementRow = Schemas['StatementRow']
export type Statement = Schemas['Statement']
export type Period = Schemas['Period']
export type MonthDetail = Schemas['CommissionMonthDetail']
export type LineFilter = { month?: string; kind?: string; state?: string; q?: string }

export const summaryQuery = queryOptions({
  queryKey: ['commission', 'summary'],
  queryFn: ({ signal }) => data(api.GET('/api/commission', { signal })),
})
export const linesQuery = (filter: LineFilter) =>
  pagesQuery(['commission', 'lines', filter], (cursor, signal) =>
    list<Schemas['PageCommissionLine']>('/api/commission/lines', { ...filter, cursor, limit: 50 }, signal),
  )
export const monthQuery = (month: string, partner_id?: string) =>
  queryOptions({
    queryKey: ['commission', 'month', month, partner_id],
    queryFn: ({ signal }) =>
      data(api.GET('/api/commission/months/{month}', { params: { path: { month }, query: { partner_id } }, signal })),
  })
export const receiptQuery = (id: string) =>
  queryOptions({
    queryKey: ['commission', 'receipt', id],
    queryFn: ({ signal }) => data(api.GET('/api/commission/lines/{id}', { params: { path: { id } }, signal })),
  })
export const statementsQuery = (filter: { month?: string; state?: string }) =>
  pagesQuery(['statement', 'list', filter], (cursor, signal) =>
    list<Schemas['PageStatementRow']>('/api/statements', { ...filter, cursor, limit: 50 }, signal),
  )
export const statementQuery = (id: string) =>
  queryOptions({
    queryKey: ['statement', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/statements/{id}', { params: { path: { id } }, signal })),
  })
export const periodsQuery = queryOptions({
  queryKey: ['period'],
  queryFn: ({ signal }) => data(api.GET('/api/periods', { signal })),
  refetchInterval: (query) =>
    query.state.data?.items.some((one) => one.job?.state === 'running' || one.job?.state === 'waiting') ? 1500 : false,
})
export const sayDispute = (
  id: string,
  kind: 'messages' | 'replies',
  body: { text: string; file_ids: string[] },
  headers: Record<string, string>,
) => send<Schemas['Receipt']>('POST', `/api/commission/lines/${id}/${kind}`, body, headers)
