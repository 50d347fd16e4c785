import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useDuplicates = defineDict(zh, () => import('./en'))
