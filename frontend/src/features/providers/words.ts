import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useProviders = defineDict(zh, () => import('./en'))
