import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api, data } from '../api/client'
import { explain } from '../api/problem'
import { type Me, meQuery } from '../api/session'
import { toast } from '../ui/Toast'
import { dropDrafts } from './form'

/** Starts as someone, or as the same person in another tenant: nothing of before may be seen. */
export function useEnter() {
  const client = useQueryClient()
  const router = useRouter()
  return async (where: string | ((me: Me) => string) = '/') => {
    client.getMutationCache().clear()
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== meQuery.queryKey[0] })
    // kept and fetched anew, so that the frame, which stays mounted, hears of it
    const me = await client.fetchQuery({ ...meQuery, initialData: undefined, staleTime: 0 })
    await router.invalidate()
    const to = typeof where === 'string' ? where : where(me)
    // only ever a place inside this site
    await router.navigate({ href: /^\/(?![/\\])/.test(to) ? to : '/' })
  }
}

export function useSwitchTenant() {
  const enter = useEnter()
  return async (membership_id: string, stay?: (me: Me) => string) => {
    try {
      await data(api.POST('/api/session/tenant', { body: { membership_id } }))
      await enter(stay)
    } catch (error) {
      toast(explain(error), { bad: true })
    }
  }
}

export function useSignOut() {
  const client = useQueryClient()
  const router = useRouter()
  return async () => {
    try {
      await api.DELETE('/api/session')
    } catch (error) {
      toast(explain(error), { bad: true })
      return
    }
    dropDrafts()
    await router.navigate({ to: '/signin' })
    client.clear()
  }
}
