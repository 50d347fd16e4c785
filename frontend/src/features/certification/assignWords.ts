import { defineDict } from '../../shared/i18n'
import { zh } from './assign.zh'

/** The words of sharing cases out among test engineers. */
export const useAssign = defineDict(zh, () => import('./assign.en'))
