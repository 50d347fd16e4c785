import { send } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'

export type FeedRead = Schemas['FeedRead']
export type Kind = 'billing' | 'usage'

export const paths: Record<Kind, string> = { billing: '/api/billing-months', usage: '/api/usage' }

export const importFeed = (kind: Kind, content: string, apply: boolean, headers: Record<string, string>) =>
  send<FeedRead>('POST', `${paths[kind]}/import`, { content, apply }, headers)
