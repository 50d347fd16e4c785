import { defineDict } from '../../shared/i18n'
import { zh } from './zh'

export const useEntry = defineDict(zh, () => import('./en'))

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
export const passwordMin = 12
