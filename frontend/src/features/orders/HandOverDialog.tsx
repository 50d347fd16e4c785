import { useState } from 'react'
import { act } from '../../shared/api/act'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { toast } from '../../shared/ui/Toast'
import type { Delivery } from './queries'
import { useOrders } from './words'

/** Hands a delivery over, whole or without what follows later. */
export default function HandOverDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const { deliveries: t } = useOrders()
  const common = useCommon()
  const open = delivery.tasks.filter((task) => !task.done_at)
  const [delivered, setDelivered] = useState<string[]>(open.map((task) => task.id))
  const [note, setNote] = useState('')
  const missing = open.filter((task) => !delivered.includes(task.id))
  const later = missing.filter((task) => task.element)
  const write = useWrite({
    run: (_: null, { headers }) =>
      act('deliveries', delivery.id, 'finish', { reason: note.trim() || undefined, missing: missing.map((task) => task.id) }, headers),
    touches: ['delivery', 'order', 'home'],
    onDone: () => {
      onClose()
      toast(t.finished)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.finishAsk}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(null)}>
            {later.length ? t.finishPart : t.finish}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {open.length > 0 && (
          <CheckboxGroup
            label={t.deliveredNow}
            description={t.deliveredNowHelp}
            options={open.map((task) => ({ id: task.id, label: task.name }))}
            value={delivered}
            onChange={setDelivered}
          />
        )}
        {later.length > 0 && <p className="text-amber text-small">{t.follows(later.map((task) => task.element).join('、'))}</p>}
        <TextArea
          label={later.length ? t.whyLater : t.finishLabel}
          isRequired={later.length > 0 ? undefined : false}
          rows={3}
          maxLength={2000}
          value={note}
          onChange={setNote}
          error={write.error?.byField.note}
        />
        {write.error && !write.error.byField.note && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}
