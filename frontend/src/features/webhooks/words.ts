import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useWebhooks = defineDict(zh, () => import('./en'))
