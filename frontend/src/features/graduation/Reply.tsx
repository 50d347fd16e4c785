import { lazy, Suspense, useState } from 'react'
import { type Act, Actions } from '../../shared/ui/Actions'
import { type Task, touches } from './queries'
import { useRooms } from './rooms'

const ReplyDialog = lazy(() => import('./ReplyDialog'))

export type Why = 'later' | 'decline' | 'release'

/** What a city can answer: yes at once, anything else with a reason. */
export function Reply({ task }: { task: Task }) {
  const t = useRooms().rollout
  const [why, setWhy] = useState<Why>()
  if (!task.actions.length) return null
  const act = (id: keyof typeof t.acts): Act => ({ id, label: t.acts[id], done: t.done[id] })
  const asks = (id: Why): Act => ({ ...act(id), run: () => setWhy(id) })
  return (
    <span className="flex gap-2">
      <Actions
        resource="rollouts"
        id={task.id}
        size="small"
        allowed={task.actions}
        acts={[act('adopt'), asks('later'), asks('decline'), act('keep_city'), asks('release')]}
        touches={touches}
      />
      <Suspense>{why && <ReplyDialog task={task} why={why} onClose={() => setWhy(undefined)} />}</Suspense>
    </span>
  )
}
