import { defineDict } from '../../shared/i18n'
import { zh } from './access.zh'

export const useAccess = defineDict(zh, () => import('./access.en'))
