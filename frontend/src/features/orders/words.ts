import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useOrders = defineDict(zh, () => import('./en'))
