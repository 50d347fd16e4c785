import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useNotices = defineDict(zh, () => import('./en'))
