import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useBundles = defineDict(zh, () => import('./en'))
