import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const usePlans = defineDict(zh, () => import('./en'))
