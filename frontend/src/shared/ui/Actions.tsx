import { lazy, type ReactNode, Suspense, useState } from 'react'
import { act } from '../api/act'
import { useWrite } from '../api/mutate'
import { type ApiProblem, explain } from '../api/problem'
import { Button, type ButtonSize, type ButtonVariant } from './Button'
import { toast } from './Toast'

const ReasonDialog = lazy(() => import('./ReasonDialog'))

export type Ask = {
  title: string
  help?: ReactNode
  /** The reason must be given, may be given, or is not asked for: then it is only confirmed. */
  reason?: 'required' | 'optional'
  label?: string
  /** The word to type first. */
  typed?: string
}

export type Act = {
  /** The name in the record's `actions`, and the last part of the address unless `path` says another. */
  id: string
  path?: string
  label: string
  icon?: ReactNode
  isDanger?: boolean
  ask?: Ask
  /** Said when it is done. */
  done: string
  /** Does something else than posting: opens a dialog or a page. */
  run?: () => unknown
}

type Props = {
  resource: string
  id: string
  /** The record's `actions`: only these are shown. */
  allowed: string[]
  acts: Act[]
  /** The next step, black: the first of these that is allowed. */
  primary?: string[]
  touches: string[]
  size?: ButtonSize
  onDone?: (result: unknown, act: Act) => void
}

/** The buttons of a record, as its `actions` allow them now. */
export function Actions({ resource, id, allowed, acts, primary = [], touches, size, onDone }: Props) {
  const [asking, setAsking] = useState<Act>()
  const [problem, setProblem] = useState<ApiProblem>()
  const write = useWrite({
    run: ({ act: one, reason }: { act: Act; reason?: string }, { headers }) =>
      act(resource, id, one.path ?? one.id, reason ? { reason } : {}, headers),
    touches,
    onDone: (result, { act: one }) => {
      // its own question only: the next one may already be open
      setAsking((now) => (now === one ? undefined : now))
      toast(one.done)
      onDone?.(result, one)
    },
    onError: (error) => {
      setProblem(error)
      if (!asking) toast(explain(error), { bad: true })
    },
  })
  const shown = acts.filter((one) => allowed.includes(one.id))
  const next = primary.find((name) => shown.some((one) => one.id === name))
  const press = (one: Act) => {
    setProblem(undefined)
    if (one.run) return one.run()
    if (one.ask) return setAsking(one)
    return write.mutateAsync({ act: one })
  }
  const look = (one: Act): ButtonVariant => (one.id === next ? 'primary' : one.isDanger ? 'danger' : 'secondary')
  return (
    <>
      {shown.map((one) => (
        <Button key={one.id} size={size} variant={look(one)} icon={one.icon} onPress={() => press(one)}>
          {one.label}
        </Button>
      ))}
      <Suspense>
        {asking?.ask && (
          <ReasonDialog
            ask={asking.ask}
            action={asking.label}
            isDanger={asking.isDanger}
            isPending={write.isPending}
            problem={problem}
            onClose={() => setAsking(undefined)}
            onGo={(reason) => write.mutate({ act: asking, reason })}
          />
        )}
      </Suspense>
    </>
  )
}
