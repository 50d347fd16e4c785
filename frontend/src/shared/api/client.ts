import createClient from 'openapi-fetch'
import type { components, paths } from './schema.gen'
import { transport } from './transport'

// several values of one parameter travel as one, which is how the server reads them
export const api = createClient<paths>({
  baseUrl: '',
  fetch: transport,
  querySerializer: { array: { style: 'form', explode: false } },
})

export type Schemas = components['schemas']

/** `const deal = await data(api.GET('/api/deals/{id}', ...))`: the body, since refusals are thrown. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}
