import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '../shared/api/problem'

const worthRetrying = (count: number, error: unknown) =>
  count < 2 && !(error instanceof ApiProblem && error.status > 0 && error.status < 500)

export const queryClient = new QueryClient({
  defaultOptions: {
    // We watch the network ourselves, so a request offline fails at once instead of waiting unseen.
    queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: worthRetrying, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})
