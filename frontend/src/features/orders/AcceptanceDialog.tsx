import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { useFileUploads } from '../../shared/lib/files'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { CheckboxGroup } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea, TextField } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import { type Order, recordAcceptance } from './queries'
import { useOrders } from './words'

/** What the customer signed; with it the service starts. */
export default function AcceptanceDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { acceptance: t } = useOrders()
  const common = useCommon()
  const form = useForm({
    initial: { accepted_by: '', checklist: ['opened'] as string[], note: '', file_id: '' },
    draft: `acceptance.${order.id}`,
    check: (values) => ({
      accepted_by: values.accepted_by.trim() ? '' : t.missing,
      checklist: values.checklist.length ? '' : t.listMissing,
    }),
  })
  const save = useWrite({
    run: ({ file_id, ...body }: typeof form.values, { headers }) =>
      recordAcceptance(order.id, { ...body, file_id: file_id || undefined }, headers),
    touches: ['order', 'delivery', 'home', 'commission'],
    onDone: () => {
      form.done()
      toast(t.done)
      onClose()
    },
    onError: form.refuse,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => form.valid() && save.mutate(form.values)}>
            {t.go}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <TextField label={t.by} description={t.byHelp} autoFocus maxLength={60} {...form.field('accepted_by')} />
        <CheckboxGroup label={t.list} options={optionsOf(t.items) as { id: string; label: string }[]} {...form.field('checklist')} />
        <TextArea label={t.note} isRequired={false} rows={3} maxLength={2000} {...form.field('note')} />
        <Part>
          <Sheet onFile={(file_id) => form.set({ file_id })} />
        </Part>
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function Sheet({ onFile }: { onFile: (id: string) => void }) {
  const { acceptance: t } = useOrders()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'acceptance')
  const queue = useFileUploads('acceptance', async (file) => onFile(file.id))
  return (
    <div>
      <p className="mb-1.5 text-ink text-small">{t.file}</p>
      <FileDrop queue={queue} what={t.fileHelp} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
    </div>
  )
}
