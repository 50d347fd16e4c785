import { defineDict } from '../../shared/i18n'
import { zh } from './plan.zh'

export const useTestPlans = defineDict(zh, () => import('./plan.en'))
