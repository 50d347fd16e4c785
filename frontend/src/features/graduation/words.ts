import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useGraduation = defineDict(zh, () => import('./en'))
