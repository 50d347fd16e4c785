import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Overlay = Schemas['Overlay']
export type OverlayRow = Schemas['OverlayRow']
export type Side = Schemas['OverlaySide']
export type Filter = { state?: string; q?: string; listing?: string }

export const overlaysQuery = (filter: Filter) =>
  pagesQuery(['overlay', 'list', filter], (cursor, signal) =>
    list<Schemas['PageOverlayRow']>('/api/overlays', { ...filter, cursor, limit: 50 }, signal),
  )
export const overlayQuery = (id: string) =>
  queryOptions({
    queryKey: ['overlay', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/overlays/{id}', { params: { path: { id } }, signal })),
  })
/** The own city's terms on an offer, or a blank for them. */
export const overlayAtQuery = (offer: string) =>
  queryOptions({
    queryKey: ['overlay', 'at', offer],
    queryFn: ({ signal }) => data(api.GET('/api/marketplace/{id}/overlay', { params: { path: { id: offer } }, signal })),
  })
export const adjust = (offer: string, body: Schemas['OverlayTerms'], headers: Record<string, string>) =>
  send<Overlay>('PUT', `/api/marketplace/${offer}/overlay`, body, headers)
export const drop = (id: string, headers: Record<string, string>) => send('DELETE', `/api/overlays/${id}`, undefined, headers)
export const touches = ['overlay', 'market', 'listing', 'home']
