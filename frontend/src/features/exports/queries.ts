import { queryOptions } from '@tanstack/react-query'
import { act } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Export = Schemas['Export']
export const exportsQuery = queryOptions({
  queryKey: ['export', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/exports', { signal })),
  refetchInterval: (query) => (query.state.data?.items.some((one) => one.state === 'queued' || one.state === 'running') ? 1000 : false),
})
export const cancelExport = (id: string, headers: Record<string, string>) => act<Export>('exports', id, 'cancel', {}, headers)
