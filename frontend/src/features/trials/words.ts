import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useTrials = defineDict(zh, () => import('./en'))
