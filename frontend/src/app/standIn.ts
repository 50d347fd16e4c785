import { defineDict } from '../shared/i18n'
import { zh } from './standIn.zh'

export const useStandIn = defineDict(zh, () => import('./standIn.en'))
