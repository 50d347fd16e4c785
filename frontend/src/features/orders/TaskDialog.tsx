import { useState } from 'react'
import { act } from '../../shared/api/act'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { useFileUploads } from '../../shared/lib/files'
import { Button } from '../../shared/ui/Button'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { FileLine } from '../../shared/ui/FileLine'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import type { Delivery, Task } from './queries'
import { useOrders } from './words'

/** What was handed over when a task is done. */
export default function TaskDialog({ delivery, task, onClose }: { delivery: Delivery; task: Task; onClose: () => void }) {
  const { deliveries: t } = useOrders()
  const common = useCommon()
  const [note, setNote] = useState(task.note ?? '')
  const [files, setFiles] = useState<Schemas['File'][]>(task.files)
  const write = useWrite({
    run: (_: null, { headers }) =>
      act('deliveries', delivery.id, `tasks/${task.id}/finish`, { note: note.trim(), file_ids: files.map((one) => one.id) }, headers),
    touches: ['delivery', 'order'],
    onDone: () => {
      onClose()
      toast(t.taskFinished)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={task.name}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => write.mutate(null)}>
            {t.finishTask}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextArea
          label={t.handOver}
          description={t.handOverHelp}
          isRequired={false}
          rows={3}
          maxLength={2000}
          value={note}
          onChange={setNote}
          autoFocus
        />
        {files.map((file) => (
          <FileLine key={file.id} file={file} />
        ))}
        <Part>
          <Drop onFile={(file) => setFiles((old) => [...old, file])} />
        </Part>
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Drop({ onFile }: { onFile: (file: Schemas['File']) => void }) {
  const { deliveries: t } = useOrders()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'delivery_file')
  const queue = useFileUploads('delivery_file', async (file) => onFile(file))
  return <FileDrop queue={queue} what={t.fileHelp} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
}
