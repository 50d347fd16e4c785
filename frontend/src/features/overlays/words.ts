import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useOverlays = defineDict(zh, () => import('./en'))
