import { queryOptions } from '@tanstack/react-query'
import { list } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'

export type Row = Schemas['CoverageRow']
export type Filter = { year?: string; segment?: string }
export const coverageQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['coverage', filter],
    queryFn: ({ signal }) => list<Schemas['ListCoverageRow']>('/api/coverage', filter, signal),
  })
