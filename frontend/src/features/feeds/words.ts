import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useFeeds = defineDict(zh, () => import('./en'))
