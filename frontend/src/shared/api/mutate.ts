import { type QueryKey, type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { askConflict } from './conflict'
import { ApiProblem } from './problem'

export type Attempt = { headers: { 'Idempotency-Key': string }; overwrite: boolean }

type Options<V, R> = {
  /** The request. Pass `headers` on; send `overwrite` when the person chose to keep theirs after a conflict. */
  run: (variables: V, attempt: Attempt) => Promise<R>
  /** Topics (first words of query keys) that this changes. */
  touches?: readonly string[] | readonly QueryKey[]
  onDone?: (result: R, variables: V) => void
  onError?: (problem: ApiProblem) => void
}

/**
 * A write. The same content tried again carries the same Idempotency-Key, so pressing a button twice or
 * retrying after a lost answer does it once. A stale record opens the conflict dialog.
 */
export function useWrite<V = void, R = unknown>({
  run,
  touches = [],
  onDone,
  onError,
}: Options<V, R>): UseMutationResult<R, ApiProblem, V> {
  const client = useQueryClient()
  const last = useRef<{ content: string; key: string }>(undefined)
  const invalidate = () =>
    Promise.all(touches.map((topic) => client.invalidateQueries({ queryKey: typeof topic === 'string' ? [topic] : topic })))

  return useMutation<R, ApiProblem, V>({
    mutationFn: async (variables) => {
      const content = JSON.stringify(variables) ?? ''
      if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() }
      const headers = { 'Idempotency-Key': last.current.key }
      try {
        return await run(variables, { headers, overwrite: false })
      } catch (error) {
        if (!(error instanceof ApiProblem) || !error.stale) throw error
        const choice = await askConflict(error)
        if (choice === 'mine') return await run(variables, { headers: { 'Idempotency-Key': crypto.randomUUID() }, overwrite: true })
        if (choice === 'theirs') await invalidate()
        throw error
      }
    },
    onSuccess: async (result, variables) => {
      last.current = undefined
      await invalidate()
      onDone?.(result, variables)
    },
    onError,
  })
}
