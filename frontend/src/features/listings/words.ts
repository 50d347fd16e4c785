import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useListings = defineDict(zh, () => import('./en'))
