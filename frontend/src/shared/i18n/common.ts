import { zh } from './common.zh'
import { defineDict } from './index'

/** Words every screen may use. */
export const useCommon = defineDict(zh, () => import('./common.en'))

/** The name of a built-in role; a tenant's own role keeps the name it was given. */
export function useRoleName() {
  const { roles } = useCommon()
  return (role: string) => roles[role] ?? role
}
