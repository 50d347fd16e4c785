import { locale } from '../i18n'
import { createStore } from '../lib/store'
import { ApiProblem } from './problem'

const unsafe = /^(POST|PUT|PATCH|DELETE)$/

/** Here 401 answers what was typed, and says nothing of the session. */
const proofs = new Set(['/api/session', '/api/session/return', '/api/invitations/accept'])

/** True while the last thing we know is that the server cannot be reached. */
export const offline = createStore(globalThis.navigator?.onLine === false)
globalThis.addEventListener?.('online', () => offline.set(false))
globalThis.addEventListener?.('offline', () => offline.set(true))

/** Called when the session is over and cannot be renewed. The app sets it. */
export const session = { onLost: () => {} }

let refreshing: Promise<boolean> | undefined

/** One renewal at a time, however many requests were refused. */
function refresh(): Promise<boolean> {
  refreshing ??= send(
    new Request('/api/session/refresh', { method: 'POST', headers: { 'X-Portal': '1', 'Idempotency-Key': crypto.randomUUID() } }),
  )
    .then((response) => response.ok)
    .finally(() => {
      refreshing = undefined
    })
  return refreshing
}

async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(request)
    offline.set(false)
    return response
  } catch (error) {
    if (request.signal.aborted) throw error
    offline.set(true)
    throw new ApiProblem({ title: 'offline' }, 0)
  }
}

/** Adds what every request carries, renews the session once, and turns refusals into ApiProblem. */
export async function transport(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', locale.get() === 'zh' ? 'zh-CN' : 'en')
  if (unsafe.test(request.method)) {
    request.headers.set('X-Portal', '1')
    if (!request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', crypto.randomUUID())
  }
  const again = request.clone()
  let response = await send(request)
  const signingIn = proofs.has(new URL(request.url).pathname)
  if (response.status === 401 && !signingIn) {
    if (await refresh()) response = await send(again)
    if (response.status === 401) session.onLost()
  }
  if (!response.ok) throw await ApiProblem.from(response)
  return response
}
