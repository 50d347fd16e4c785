import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useCoverage = defineDict(zh, () => import('./en'))
