import { defineDict } from '../../shared/i18n'
import { zh } from './permissions.zh'

const useWords = defineDict(zh, () => import('./permissions.en'))

export function useResourceName() {
  const { resources } = useWords()
  return (resource: string) => resources[resource] ?? resource
}

/** A permission in words: its own, or resource and action put together. */
export function usePermissionName() {
  const { resources, actions, own } = useWords()
  return (permission: string, inGroup = false) => {
    const [resource = '', action = ''] = permission.split(':')
    const did = own[permission] ?? actions[action] ?? action
    return inGroup ? did : `${resources[resource] ?? resource} · ${did}`
  }
}
