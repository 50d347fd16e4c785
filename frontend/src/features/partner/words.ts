import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const usePartner = defineDict(zh, () => import('./en'))
