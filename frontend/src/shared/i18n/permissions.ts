import { ApiProblem, explain } from '../api/problem'
import { defineDict } from '.'
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

/** Says a refusal with the permission it names in words. */
export function useRefusal() {
  const name = usePermissionName()
  return (error: unknown) => {
    const said = explain(error)
    const code = error instanceof ApiProblem ? error.permission : undefined
    return code ? said.replace(code, name(code)) : said
  }
}
