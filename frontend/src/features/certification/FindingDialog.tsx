import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { RadioGroup } from '../../shared/ui/Choice'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { useParts } from './partsWords'
import { addFinding, type Certification } from './queries'

export default function FindingDialog({ one, onClose }: { one: Certification; onClose: () => void }) {
  const t = useParts()
  const common = useCommon()
  const d = useDomain()
  const open = one.stages.find((stage) => stage.state === 'open')?.kind ?? 'functional'
  const form = useForm<Schemas['NewFinding']>({
    initial: { stage: open, severity: 'major', text: '' },
    draft: `finding.${one.id}`,
    check: (values) => ({ text: values.text.trim().length > 1 ? '' : t.finding.textMissing }),
  })
  const save = useWrite({
    run: (body: Schemas['NewFinding'], { headers }) => addFinding(one.id, body, headers),
    touches: ['certification'],
    onDone: () => {
      form.done()
      toast(t.finding.added)
      onClose()
    },
    onError: form.refuse,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.finding.addTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => form.valid() && save.mutate(form.values)}>
            {t.finding.add}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <Select label={t.finding.stage} options={optionsOf(d.certificationStage)} {...form.field('stage')} />
        <RadioGroup label={t.finding.severity} options={optionsOf(t.finding.severities)} {...form.field('severity')} />
        <TextArea label={t.finding.text} description={t.finding.textHelp} rows={5} maxLength={2000} {...form.field('text')} />
        {save.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
