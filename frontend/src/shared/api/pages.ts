import { infiniteQueryOptions, type QueryKey, useSuspenseInfiniteQuery } from '@tanstack/react-query'

export type ListPage<T> = { items: T[]; next_cursor?: string; total: number; total_estimated?: boolean }

/** A list that is read page after page: `get` is given the cursor of the page it should fetch. */
export const pagesQuery = <P extends ListPage<unknown>>(
  queryKey: QueryKey,
  get: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => get(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: P) => page.next_cursor || undefined,
  })

/** Rows so far, how many there are, and how to get more. */
export function usePages<P extends ListPage<unknown>>(options: ReturnType<typeof pagesQuery<P>>) {
  const query = useSuspenseInfiniteQuery(options)
  const first = query.data.pages[0] as P
  return {
    rows: query.data.pages.flatMap((page) => page.items) as P['items'],
    first,
    total: first.total,
    estimated: !!first.total_estimated,
    hasMore: query.hasNextPage,
    onMore: () => query.fetchNextPage(),
  }
}
