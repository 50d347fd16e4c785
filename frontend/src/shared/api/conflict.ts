import { createStore } from '../lib/store'
import type { ApiProblem } from './problem'

export type ConflictChoice = 'mine' | 'theirs' | 'cancel'

/** The open question, shown by the shell's ConflictDialog. */
export const conflict = createStore<{ problem: ApiProblem; answer: (choice: ConflictChoice) => void } | null>(null)

export function askConflict(problem: ApiProblem): Promise<ConflictChoice> {
  return new Promise((resolve) => {
    conflict.set({
      problem,
      answer(choice) {
        conflict.set(null)
        resolve(choice)
      },
    })
  })
}
