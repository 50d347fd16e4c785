import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useAccounts = defineDict(zh, () => import('./en'))
