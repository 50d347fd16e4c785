import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '../../shared/api/client'

export type Import = Schemas['Import']
const busy = (one: Import) => one.state === 'checking' || one.state === 'applying' || one.state === 'undoing'

export const importsQuery = queryOptions({
  queryKey: ['import', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/imports', { signal })),
  refetchInterval: (query) => (query.state.data?.items.some(busy) ? 2000 : false),
})
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/imports/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data && busy(query.state.data) ? 1000 : false),
  })
export const startImport = (file_id: string) => data(api.POST('/api/imports', { body: { file_id } }))
