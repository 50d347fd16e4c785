import { defineDict } from './index'
import { zh } from './requests.zh'

/** Words of what an approver asks of others; cases, listings and the queue show it. */
export const useRequests = defineDict(zh, () => import('./requests.en'))
