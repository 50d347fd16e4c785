import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, data, type Schemas } from './client'

export type Me = Schemas['Me']
export type Membership = Schemas['Membership']

/** Who is signed in, as the server put it into the page. Read once: after signing out it is no longer true. */
function boot(): Me | undefined {
  const block = document.getElementById('boot')
  block?.remove()
  return block ? JSON.parse(block.textContent) : undefined
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => data(api.GET('/api/me', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  initialData: boot,
})

/** The signed-in person; only inside the guarded part of the app. */
export const useMe = () => useSuspenseQuery(meQuery).data

/** For what the shell shows. What may be done to a record comes with the record. */
export function useCan() {
  const { permissions } = useMe()
  return (permission: string) => permissions.includes(permission)
}
