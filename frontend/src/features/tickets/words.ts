import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useTickets = defineDict(zh, () => import('./en'))
