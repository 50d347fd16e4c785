import { CircleCheck, CircleDashed } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { act } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { cx } from '../../shared/lib/cx'
import { Button } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Section } from '../../shared/ui/Layout'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { DueOn } from './DueOn'
import type { Delivery, Task } from './queries'
import { useOrders } from './words'

const PlanDialog = lazy(() => import('./PlanDialog'))
const TaskDialog = lazy(() => import('./TaskDialog'))

const said = (t: ReturnType<typeof useOrders>['deliveries'], words: string) => {
  const [status = '', ...message] = words.split(' ')
  return `${t.system} ${t.said[status] ?? status}${message.length ? `：${message.join(' ')}` : ''}`
}

/** What is done for the customer by when; whoever delivers also works on it here. */
export function Tasks({ delivery, title }: { delivery: Delivery; title?: string }) {
  const { deliveries: t } = useOrders()
  const [planning, setPlanning] = useState(false)
  const [finishing, setFinishing] = useState<Task>()
  const mine = delivery.actions.includes('plan')
  const reopen = useWrite({
    run: (id: string, { headers }) => act('deliveries', delivery.id, `tasks/${id}/reopen`, {}, headers),
    touches: ['delivery', 'order'],
    onDone: () => toast(t.reopened),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  if (!delivery.tasks.length && !mine) return null
  return (
    <Section
      title={title ?? t.plan}
      className="max-w-[720px]"
      aside={
        mine && (
          <Button size="small" onPress={() => setPlanning(true)}>
            {t.editPlan}
          </Button>
        )
      }
    >
      <Card flush>
        <ul className="divide-y divide-line">
          {delivery.tasks.map((task) => (
            <li key={task.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
              {task.done_at ? (
                <CircleCheck size={18} className="mt-0.5 shrink-0 text-jade" aria-label={t.taskDone} />
              ) : (
                <CircleDashed size={18} className="mt-0.5 shrink-0 text-ink-3" aria-label={t.taskOpen} />
              )}
              <div className="min-w-0 flex-1 basis-48">
                <p className={cx('font-medium', task.done_at && 'text-ink-2')}>{task.name}</p>
                <p className="flex flex-wrap gap-x-3 text-ink-3 text-small">
                  {task.element && task.element !== task.name && <span>{t.delivers(task.element)}</span>}
                  {task.done_at ? (
                    <span>
                      {task.done_by} · <Time value={task.done_at} />
                    </span>
                  ) : (
                    <DueOn day={task.due_on} overdue={task.overdue} />
                  )}
                </p>
                {task.said && (
                  <p className={cx('mt-1 text-small', task.said.startsWith('failed') ? 'text-cinnabar' : 'text-ink-3')}>
                    {said(t, task.said)}
                  </p>
                )}
                {task.note && <p className="mt-1 whitespace-pre-line text-ink-2 text-small">{task.note}</p>}
                {task.files.length > 0 && (
                  <div className="mt-2 flex flex-col gap-2">
                    {task.files.map((file) => (
                      <FileLine key={file.id} file={file} />
                    ))}
                  </div>
                )}
              </div>
              {mine && delivery.state === 'in_progress' && (
                <Button
                  size="small"
                  onPress={() => (task.done_at ? reopen.mutate(task.id) : setFinishing(task))}
                  isPending={reopen.isPending && reopen.variables === task.id}
                  aria-label={`${task.done_at ? t.reopen : t.finishTask} ${task.name}`}
                >
                  {task.done_at ? t.reopen : t.finishTask}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <Suspense>
        {planning && <PlanDialog delivery={delivery} onClose={() => setPlanning(false)} />}
        {finishing && <TaskDialog delivery={delivery} task={finishing} onClose={() => setFinishing(undefined)} />}
      </Suspense>
    </Section>
  )
}
