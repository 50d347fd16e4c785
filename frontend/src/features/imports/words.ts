import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useImports = defineDict(zh, () => import('./en'))
