import { queryOptions } from '@tanstack/react-query'
import { list } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Listing = Schemas['Listing']
export type ListingRow = Schemas['ListingRow']
export type Filter = { state?: string; q?: string }

export const listingsQuery = (filter: Filter) =>
  pagesQuery(['listing', 'list', filter], (cursor, signal) =>
    list<Schemas['PageListingRow']>('/api/listings', { ...filter, cursor, limit: 50 }, signal),
  )
export const listingQuery = (id: string) =>
  queryOptions({
    queryKey: ['listing', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/listings/{id}', { params: { path: { id } }, signal })),
  })
export const certifiedQuery = queryOptions({
  queryKey: ['solution', 'certified'],
  queryFn: async ({ signal }) => {
    // The picker searches in all of them, so it needs all of them.
    const ask = (cursor?: string) => list<Schemas['PageSolutionRow']>('/api/solutions', { state: 'certified', limit: 100, cursor }, signal)
    const all = await ask()
    for (let next = all.next_cursor; next && all.items.length < 2000; ) {
      const page = await ask(next)
      all.items.push(...page.items)
      next = page.next_cursor
    }
    return all
  },
})
/** What may come instead of something that goes: solutions that are on sale. */
export const onSaleQuery = queryOptions({
  queryKey: ['solution', 'on_sale'],
  queryFn: async ({ signal }) => {
    const all = await list<Schemas['PageSolutionRow']>('/api/solutions', { state: 'certified', limit: 100 }, signal)
    return { items: all.items.filter((one) => one.live_listings > 0) }
  },
})
export const newListing = (body: Schemas['NewListing'], headers: Record<string, string>) =>
  data(api.POST('/api/listings', { body, headers }))
