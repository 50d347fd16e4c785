import { useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCommon } from '../../shared/i18n/common'
import { useFileUploads } from '../../shared/lib/files'
import { Button } from '../../shared/ui/Button'
import { TextArea, TextField } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { Part } from '../../shared/ui/Part'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { recordCheck, type StageCheck } from './queries'
import { useCertification } from './words'

/** The result of one check, in its row. */
export default function RecordForm({ certification, check, onClose }: { certification: string; check: StageCheck; onClose: () => void }) {
  const t = useCertification()
  const common = useCommon()
  const [value, setValue] = useState({
    result: check.result === 'open' ? ('pass' as StageCheck['result']) : check.result,
    measured: check.measured ?? '',
    note: check.note ?? '',
  })
  const [evidence, setEvidence] = useState<string[]>(check.evidence.map((file) => file.id))
  const save = useWrite({
    run: (body: Schemas['CheckResult'], { headers }) => recordCheck(certification, check.id, body, headers),
    touches: ['certification'],
    onDone: () => {
      toast(t.check.saved)
      onClose()
    },
  })
  const set = (patch: Partial<typeof value>) => setValue((old) => ({ ...old, ...patch }))
  return (
    <form
      noValidate
      className="mt-3 flex flex-col gap-3 rounded-card bg-sunken p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!save.isPending) save.mutate({ ...value, evidence })
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <SegmentedControl
          label={t.check.result}
          value={value.result}
          onChange={(result) => set({ result })}
          items={(['pass', 'fail', 'not_applicable', 'open'] as const).map((id) => ({ id, label: t.result[id] }))}
        />
        <TextField
          className="max-w-52 flex-1"
          label={t.check.measured}
          isRequired={false}
          value={value.measured}
          onChange={(measured) => set({ measured })}
          maxLength={100}
          autoFocus
          suffix={check.threshold}
        />
      </div>
      <TextArea label={t.check.note} isRequired={false} rows={2} value={value.note} onChange={(note) => set({ note })} maxLength={2000} />
      <Part>
        <Evidence onFile={(id) => setEvidence((old) => [...old, id])} />
      </Part>
      {save.error && (
        <p role="alert" className="text-cinnabar text-small">
          {explain(save.error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" isPending={save.isPending}>
          {t.check.save}
        </Button>
        <Button onPress={onClose}>{common.cancel}</Button>
      </div>
    </form>
  )
}

function Evidence({ onFile }: { onFile: (id: string) => void }) {
  const t = useCertification()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'evidence')
  const queue = useFileUploads('evidence', async (file) => onFile(file.id))
  return <FileDrop queue={queue} what={t.check.addEvidence} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 50_000_000} />
}
