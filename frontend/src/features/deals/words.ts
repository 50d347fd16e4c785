import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useDeals = defineDict(zh, () => import('./en'))
