import { defineDict } from './index'
import { zh } from './rise.zh'

/** Words of graduations that the pages of solutions show too. */
export const useRise = defineDict(zh, () => import('./rise.en'))
