import { zh } from './did.zh'
import { defineDict } from './index'

/** Verbs of the history of a record. */
export const useDid = defineDict(zh, () => import('./did.en'))
