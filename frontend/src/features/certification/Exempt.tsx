import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useLocale } from '../../shared/i18n'
import { useCommon } from '../../shared/i18n/common'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { FileLine } from '../../shared/ui/FileLine'
import { Part } from '../../shared/ui/Part'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { EvidenceDrop } from './EvidenceDrop'
import { useParts } from './partsWords'
import { exemptCheck, type StageCheck } from './queries'

/** That a check is spared, why, by what and until when; and the way to spare it or to end that. */
export default function Exempt({ certification, check }: { certification: string; check: StageCheck }) {
  const { exemption: t } = useParts()
  const [asking, setAsking] = useState(false)
  const now = check.exemption
  return (
    <div className="mt-1 text-small">
      {now && (
        <>
          <p className="text-amber">
            {t.is(now.by)} <Time value={now.until} as="date" />
          </p>
          <p className="whitespace-pre-line text-ink-2">{now.reason}</p>
          {now.evidence.map((file) => (
            <FileLine key={file.id} file={file} className="mt-2" />
          ))}
          {check.actions.includes('end_exemption') && (
            <Actions
              resource={`certifications/${certification}/exemptions`}
              id={now.id}
              allowed={['end']}
              size="small"
              touches={['certification']}
              acts={[{ id: 'end', label: t.end, done: t.ended, ask: { title: t.endWhy, reason: 'required' } }]}
            />
          )}
        </>
      )}
      {check.actions.includes('exempt') && (
        <Button size="small" variant="quiet" onPress={() => setAsking(true)}>
          {t.act}
        </Button>
      )}
      {asking && <Ask certification={certification} check={check} onClose={() => setAsking(false)} />}
    </div>
  )
}

function Ask({ certification, check, onClose }: { certification: string; check: StageCheck; onClose: () => void }) {
  const { exemption: t } = useParts()
  const common = useCommon()
  const lang = useLocale()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [evidence, setEvidence] = useState<string[]>([])
  const write = useWrite({
    run: (body: { reason: string; until: string; evidence: string[] }, { headers }) => exemptCheck(certification, check.id, body, headers),
    touches: ['certification'],
    onDone: () => {
      toast(t.done)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.title(check[lang])}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={!reason.trim() || !until}
            isPending={write.isPending}
            onPress={() => write.mutate({ reason: reason.trim(), until, evidence })}
          >
            {t.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-ink-2">{t.help}</p>
        <TextArea label={t.reason} rows={3} value={reason} onChange={setReason} maxLength={2000} />
        <DatePicker label={t.until} value={until} onChange={(value) => setUntil(value ?? '')} />
        <Part>
          <p className="mb-1 text-ink-3 text-small">{t.evidence}</p>
          <EvidenceDrop onFile={(id) => setEvidence((old) => [...old, id])} />
        </Part>
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)} {write.error.errors.map((x) => x.message).join(' ')}
          </p>
        )}
      </div>
    </Dialog>
  )
}
