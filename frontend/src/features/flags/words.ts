import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useFlags = defineDict(zh, () => import('./en'))
