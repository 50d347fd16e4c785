import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const usePreferences = defineDict(zh, () => import('./en'))
