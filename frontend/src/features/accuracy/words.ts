import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useAccuracy = defineDict(zh, () => import('./en'))
