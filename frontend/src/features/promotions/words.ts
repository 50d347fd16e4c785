import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const usePromotions = defineDict(zh, () => import('./en'))
