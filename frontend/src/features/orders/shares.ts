import { defineDict } from '../../shared/i18n'
import { zh } from './shares.zh'

/** Words of links for the customer. */
export const useShares = defineDict(zh, () => import('./shares.en'))
