import { queryOptions } from '@tanstack/react-query'
import { send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'

export type Promotion = Schemas['Promotion']
export type NewPromotion = Omit<Schemas['NewPromotion'], '$schema'>

export const promotionsQuery = queryOptions({
  queryKey: ['promotion', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/promotions', { signal })),
})
export const newPromotion = (body: NewPromotion, headers: Record<string, string>) =>
  send<Promotion>('POST', '/api/promotions', body, headers)
