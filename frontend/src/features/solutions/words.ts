import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useSolutions = defineDict(zh, () => import('./en'))
