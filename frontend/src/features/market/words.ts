import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useMarket = defineDict(zh, () => import('./en'))
