import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { Part } from '../../shared/ui/Part'
import { toast } from '../../shared/ui/Toast'
import { EvidenceDrop } from './EvidenceDrop'
import { useParts } from './partsWords'
import { fulfilCondition } from './queries'

/** The partner's evidence that a condition is met. */
export default function FulfilForm({
  certification,
  condition,
  onClose,
}: {
  certification: string
  condition: string
  onClose: () => void
}) {
  const { condition: t } = useParts()
  const common = useCommon()
  const [text, setText] = useState('')
  const [evidence, setEvidence] = useState<string[]>([])
  const send = useWrite({
    run: (body: { text: string; evidence: string[] }, { headers }) => fulfilCondition(certification, condition, body, headers),
    touches: ['certification'],
    onDone: () => {
      toast(t.sent)
      onClose()
    },
  })
  return (
    <div className="mt-3 flex flex-col gap-3 rounded-card bg-sunken p-4">
      <TextArea
        label={t.answer}
        rows={3}
        value={text}
        onChange={setText}
        maxLength={2000}
        error={send.error ? explain(send.error) : undefined}
      />
      <Part>
        <EvidenceDrop onFile={(id) => setEvidence((old) => [...old, id])} />
      </Part>
      <div className="flex gap-2">
        <Button
          variant="primary"
          isDisabled={!text.trim()}
          isPending={send.isPending}
          onPress={() => send.mutate({ text: text.trim(), evidence })}
        >
          {t.send}
        </Button>
        <Button onPress={onClose}>{common.cancel}</Button>
      </div>
    </div>
  )
}
