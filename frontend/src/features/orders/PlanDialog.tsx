import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { type Delivery, type PlanTask, planDelivery } from './queries'
import { useOrders } from './words'

type Row = PlanTask & { key: string; done: boolean }

/** What is done by when. What is done already stays as it is. */
export default function PlanDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const { deliveries: t } = useOrders()
  const common = useCommon()
  const [rows, setRows] = useState<Row[]>(() =>
    delivery.tasks.map((task) => ({
      key: task.id,
      id: task.id,
      name: task.name,
      element: task.element,
      due_on: task.due_on,
      done: !!task.done_at,
    })),
  )
  const set = (key: string, patch: Partial<Row>) => setRows((old) => old.map((row) => (row.key === key ? { ...row, ...patch } : row)))
  const write = useWrite({
    run: (body: Row[], { headers }) =>
      planDelivery(delivery.id, { tasks: body.map(({ key, done, ...task }) => task), version: delivery.version }, headers),
    touches: ['delivery', 'order'],
    onDone: () => {
      onClose()
      toast(t.planned)
    },
  })
  const errors = write.error?.byField ?? {}
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.editPlan}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(rows)}>
            {common.save}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-4">
        {rows.map((row, index) => (
          <li key={row.key} className="flex flex-wrap items-start gap-3 border-line border-b pb-4">
            {row.done ? (
              <p className="flex-1 py-2 text-ink-3">{row.name}</p>
            ) : (
              <>
                <TextField
                  label={t.taskName}
                  className="min-w-0 flex-1 basis-40"
                  value={row.name}
                  maxLength={80}
                  onChange={(name) => set(row.key, { name })}
                  error={errors[`tasks[${index}].name`]}
                />
                <NativeSelect
                  label={t.taskElement}
                  value={row.element ?? ''}
                  onChange={(element) => set(row.key, { element: element || undefined })}
                  options={[{ id: '', label: t.noElement }, ...delivery.elements.map((one) => ({ id: one, label: one }))]}
                />
                <DatePicker
                  label={t.due}
                  value={row.due_on}
                  max={delivery.due_on}
                  onChange={(day) => day && set(row.key, { due_on: day })}
                  error={errors[`tasks[${index}].due_on`]}
                />
                <Button
                  variant="quiet"
                  className="self-end"
                  aria-label={t.removeTask(row.name)}
                  icon={<X size={16} aria-hidden />}
                  onPress={() => setRows((old) => old.filter((one) => one.key !== row.key))}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      <Button
        className="mt-4"
        icon={<Plus size={16} aria-hidden />}
        onPress={() => setRows((old) => [...old, { key: crypto.randomUUID(), name: '', due_on: delivery.due_on, done: false }])}
      >
        {t.addTask}
      </Button>
      {write.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {errors.tasks ?? explain(write.error)}
        </p>
      )}
    </Dialog>
  )
}
