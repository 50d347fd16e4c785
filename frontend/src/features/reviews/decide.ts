import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { act } from '../../shared/api/act'
import { explain } from '../../shared/api/problem'
import { createStore } from '../../shared/lib/store'
import { toast } from '../../shared/ui/Toast'
import type { ReviewRow } from './queries'
import { useReviews } from './words'

export type Verdict = 'approve' | 'request' | 'reject'

/** Decided but not sent yet: hidden from the queue for as long as it can be undone. */
export const decided = createStore<readonly string[]>([])
const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; go: () => void }>()
const grace = 6000

const action = (row: ReviewRow, verdict: Verdict) =>
  verdict === 'request' ? (row.kind === 'listing' ? 'return' : 'request_changes') : verdict

const unhide = (id: string) => decided.set(decided.get().filter((one) => one !== id))

async function submit(client: QueryClient, row: ReviewRow, verdict: Verdict, reason: string) {
  waiting.delete(row.id)
  try {
    await act(row.kind === 'listing' ? 'listings' : 'certifications', row.id, action(row, verdict), reason ? { reason } : {}, {
      'Idempotency-Key': crypto.randomUUID(),
    })
  } catch (error) {
    toast(`${row.title}: ${explain(error)}`, { bad: true })
  }
  await Promise.all(['review', 'certification', 'listing', 'home'].map((topic) => client.invalidateQueries({ queryKey: [topic] })))
  unhide(row.id)
}

// leaving the page is not undoing
globalThis.addEventListener?.('pagehide', () => {
  for (const { timer, go } of waiting.values()) {
    clearTimeout(timer)
    go()
  }
})

/** Sends a decision six seconds from now, unless it is undone. */
export function useDecide() {
  const t = useReviews()
  const client = useQueryClient()
  return (row: ReviewRow, verdict: Verdict, reason: string) => {
    const go = () => void submit(client, row, verdict, reason)
    decided.set([...decided.get(), row.id])
    waiting.set(row.id, { timer: setTimeout(go, grace), go })
    const said = { approve: t.approved, request: t.requested, reject: t.rejected }[verdict](row.title)
    toast(said, {
      ms: grace,
      undo: () => {
        const pending = waiting.get(row.id)
        if (!pending) return
        clearTimeout(pending.timer)
        waiting.delete(row.id)
        unhide(row.id)
        toast(t.undone)
      },
    })
  }
}
