import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useTerritories = defineDict(zh, () => import('./en'))
