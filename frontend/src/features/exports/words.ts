import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useExports = defineDict(zh, () => import('./en'))
