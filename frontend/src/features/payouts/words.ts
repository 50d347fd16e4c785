import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const usePayouts = defineDict(zh, () => import('./en'))
