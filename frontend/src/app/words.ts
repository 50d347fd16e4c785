import { defineDict } from '../shared/i18n'
import { zh } from './zh'

export const useShell = defineDict(zh, () => import('./en'))
