import { api, data } from './client'

type Post = (path: string, init: { body?: unknown; headers?: Record<string, string> }) => Promise<{ data?: unknown }>

/** POST /api/<resource>/{id}/<action>: every one of them answers with the record as it then is. */
export const act = <R = unknown>(resource: string, id: string, action: string, body: object = {}, headers?: Record<string, string>) =>
  data((api.POST as unknown as Post)(`/api/${resource}/${id}/${action}`, { body, headers })) as Promise<R>

export type Acted = { actions: string[] }
