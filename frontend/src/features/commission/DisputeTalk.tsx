import { Paperclip } from 'lucide-react'
import { useState } from 'react'
import type { Schemas } from '../../shared/api/client'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useFileUploads } from '../../shared/lib/files'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { FileLine } from '../../shared/ui/FileLine'
import { Section } from '../../shared/ui/Layout'
import { Due, Time } from '../../shared/ui/Text'
import { Timeline } from '../../shared/ui/Timeline'
import { toast } from '../../shared/ui/Toast'
import { sayDispute } from './queries'
import { useCommission } from './words'

/** What both sides said about a disputed line, and by when it is answered. */
export default function DisputeTalk({ receipt }: { receipt: Schemas['Receipt'] }) {
  const { talk: t } = useCommission()
  const d = useDomain()
  const { line } = receipt
  return (
    <Section
      title={t.title}
      sub={line.dispute_state === 'open' ? t.open : t.settled}
      aside={line.dispute_state === 'open' && line.answer_by && <Due at={line.answer_by} />}
    >
      {line.actions.includes('say') && <Say id={line.id} />}
      <Timeline
        label={t.title}
        items={receipt.talk.map((one) => ({
          id: one.id,
          title: <span className="font-medium">{one.author_name}</span>,
          body: (
            <div className="mt-1 rounded-card border border-line bg-sunken px-3 py-2 text-body text-ink">
              <p className="whitespace-pre-line break-words">{one.text}</p>
              {one.files.map((file) => (
                <FileLine key={file.id} file={file} className="mt-2" />
              ))}
            </div>
          ),
          when: (
            <>
              <Time value={one.at} /> · {d.sides[one.side]}
            </>
          ),
        }))}
      />
    </Section>
  )
}

function Say({ id }: { id: string }) {
  const { talk: t } = useCommission()
  const can = useCan()
  const [text, setText] = useState('')
  const [files, setFiles] = useState<string[]>([])
  const [attach, setAttach] = useState(false)
  const write = useWrite({
    run: (body: string, { headers }) =>
      sayDispute(id, can('statement:issue') ? 'replies' : 'messages', { text: body, file_ids: files }, headers),
    touches: ['commission', 'home'],
    onDone: () => {
      toast(t.sent)
      setText('')
      setFiles([])
      setAttach(false)
    },
  })
  return (
    <div className="mb-6 flex flex-col gap-3">
      <TextArea
        label={t.say}
        isRequired={false}
        rows={3}
        value={text}
        onChange={setText}
        maxLength={4000}
        error={write.error ? explain(write.error) : undefined}
      />
      {attach && <Attach onFile={(file) => setFiles((old) => [...old, file])} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button isDisabled={!text.trim()} isPending={write.isPending} onPress={() => write.mutate(text.trim())}>
          {t.send}
        </Button>
        {!attach && (
          <Button variant="quiet" icon={<Paperclip size={16} aria-hidden />} onPress={() => setAttach(true)}>
            {t.attach}
          </Button>
        )}
      </div>
    </div>
  )
}

function Attach({ onFile }: { onFile: (id: string) => void }) {
  const { talk: t } = useCommission()
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'dispute_file')
  const queue = useFileUploads('dispute_file', async (file) => onFile(file.id))
  return <FileDrop queue={queue} what={t.files} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
}
