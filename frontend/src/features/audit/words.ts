import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useAudit = defineDict(zh, () => import('./en'))
