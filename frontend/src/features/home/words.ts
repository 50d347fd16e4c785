import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useHome = defineDict(zh, () => import('./en'))
