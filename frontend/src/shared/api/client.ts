import createClient from 'openapi-fetch'
import type { components, paths } from './schema.gen'
import { transport } from './transport'

export const api = createClient<paths>({ baseUrl: '', fetch: transport })

export type Schemas = components['schemas']

/** `const deal = await data(api.GET('/api/deals/{id}', ...))`: the body, since refusals are thrown. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}
