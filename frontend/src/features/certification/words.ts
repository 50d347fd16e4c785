import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useCertification = defineDict(zh, () => import('./en'))
