import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useCommission = defineDict(zh, () => import('./en'))
