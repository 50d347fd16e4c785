import { send } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'

export type FeedRead = Schemas['FeedRead']
export type Kind = 'billing' | 'usage' | 'answers'

export const paths: Record<Kind, string> = { billing: '/api/billing-months', usage: '/api/usage', answers: '/api/payouts' }

export const importFeed = (kind: Kind, content: string, apply: boolean, headers: Record<string, string>) =>
  send<FeedRead>('POST', `${paths[kind]}/import`, { content, apply }, headers)
