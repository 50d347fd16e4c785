import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useReviews = defineDict(zh, () => import('./en'))
