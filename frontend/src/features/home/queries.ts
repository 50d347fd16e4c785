import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '../../shared/api/client'

export type HomeItem = Schemas['HomeItem']
export type HomeNumber = Schemas['HomeNumber']

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => data(api.GET('/api/home', { signal })),
  refetchOnMount: 'always',
})
