import { createRouter } from '@tanstack/react-router'
import { routeTree } from '../routeTree.gen'
import { meQuery } from '../shared/api/session'
import { session } from '../shared/api/transport'
import { NotFound, PageError, PagePending } from './fallbacks'
import { queryClient } from './queryClient'

export const router = createRouter({
  routeTree,
  context: { queryClient },
  // what the server writes into links and what a person reads: plain names and values, a list as the name repeated
  parseSearch: (text) => {
    const query = new URLSearchParams(text)
    return Object.fromEntries(
      [...new Set(query.keys())].map((key) => {
        const values = query.getAll(key)
        return [key, values.length > 1 ? values : values[0]]
      }),
    )
  },
  stringifySearch: (search) => {
    const query = new URLSearchParams()
    for (const [key, value] of Object.entries(search))
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null) query.append(key, String(one))
    const text = query.toString()
    return text && `?${text}`
  },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageError,
  defaultPendingComponent: PagePending,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const isPublic = (path: string) => /^\/(signin|register|invite|certificate)(\/|$)/.test(path)

// Only someone who was signed in is sent away; drafts stay in the tab and come back after signing in.
session.onLost = () => {
  const { pathname, href } = router.state.location
  if (isPublic(pathname) || !queryClient.getQueryData(meQuery.queryKey)) return
  queryClient.removeQueries({ queryKey: meQuery.queryKey })
  void router.navigate({ to: '/signin', search: { return: href } })
}
