import { zh } from './did.zh'
import { defineDict } from './index'

/** Verbs of the history of a record. */
export const useDid = defineDict(zh, () => import('./did.en'))

/** The name of who acted: a person's as it is, a clock's or a check's in the reader's language. */
export function useActor() {
  const { actors } = useDid()
  return (name: string) => actors[name] ?? name
}
