import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useSecurity = defineDict(zh, () => import('./en'))
