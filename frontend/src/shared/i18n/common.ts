import { useQueryClient } from '@tanstack/react-query'
import type { Schemas } from '../api/client'
import { zh } from './common.zh'
import { defineDict } from './index'

/** Words every screen may use. */
export const useCommon = defineDict(zh, () => import('./common.en'))

type Me = Schemas['Me']

/** The name of a built-in role; a tenant's own role keeps the name it was given. */
export function useRoleName() {
  const { roles } = useCommon()
  const own = useQueryClient().getQueryData<Me>(['me'])?.membership.role_names
  return (role: string) => roles[role] ?? own?.[role] ?? role
}
