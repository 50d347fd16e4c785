import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useMembers = defineDict(zh, () => import('./en'))
