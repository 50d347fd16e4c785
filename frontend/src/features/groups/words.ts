import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useGroups = defineDict(zh, () => import('./en'))
