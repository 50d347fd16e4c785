import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'

/** What is not read; the bell shows it, and live events keep it fresh. */
export const noticeCount = queryOptions({
  queryKey: ['notice', 'count'],
  queryFn: ({ signal }) => data(api.GET('/api/notices/count', { signal })),
  retry: false,
})
