import { api, data } from './client'

type Call = (path: string, init: object) => Promise<{ data?: unknown }>
type Headers = Record<string, string>

/** A write whose address is put together here; the body is checked by the caller's type. */
export const send = <R = unknown>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, headers?: Headers) =>
  data((api[method] as unknown as Call)(path, { body, headers })) as Promise<R>

/** POST /api/<resource>/{id}/<action>: every one of them answers with the record as it then is. */
export const act = <R = unknown>(resource: string, id: string, action: string, body: object = {}, headers?: Headers) =>
  send<R>('POST', `/api/${resource}/${id}/${action}`, body, headers)

/** One page of a list. Filters that are not set are left out. */
export const list = <P>(path: string, query: Record<string, unknown>, signal: AbortSignal) =>
  data((api.GET as unknown as Call)(path, { params: { query }, signal })) as Promise<P>
