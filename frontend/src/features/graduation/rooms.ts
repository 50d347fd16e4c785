import { defineDict } from '../../shared/i18n'
import { zh } from './rooms.zh'

/** Words of the pages beside the graduation itself: tasks, thresholds, the map. */
export const useRooms = defineDict(zh, () => import('./rooms.en'))
