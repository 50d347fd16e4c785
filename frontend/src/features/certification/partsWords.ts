import { defineDict } from '../../shared/i18n'
import { zh } from './parts.zh'

/** The words of what a case loads by itself: checks, findings, turns, the certificate. */
export const useParts = defineDict(zh, () => import('./parts.en'))
