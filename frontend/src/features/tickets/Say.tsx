import { Paperclip } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { say, type Ticket } from './queries'
import { useTickets } from './words'

const Attach = lazy(() => import('./Attach'))

/** A message to the other side, or a note among the operator's people. */
export default function Say({ ticket }: { ticket: Ticket }) {
  const t = useTickets().say
  const [kind, setKind] = useState<'message' | 'note'>('message')
  const [text, setText] = useState('')
  const [files, setFiles] = useState<string[]>([])
  const [attach, setAttach] = useState(false)
  const note = kind === 'note'
  const path = note ? 'notes' : ticket.actions.includes('reply') ? 'replies' : 'messages'
  const write = useWrite({
    run: (body: string, { headers }) => say(ticket.id, path, note ? { text: body } : { text: body, file_ids: files }, headers),
    touches: ['ticket', 'home'],
    onDone: () => {
      toast(note ? t.noted : t.sent)
      setText('')
      setFiles([])
      setAttach(false)
    },
  })
  return (
    <div className="mb-6 flex flex-col gap-3">
      {ticket.actions.includes('note') && (
        <SegmentedControl
          className="self-start"
          label={t.kind}
          items={[
            { id: 'message', label: t.message },
            { id: 'note', label: t.internal },
          ]}
          value={kind}
          onChange={setKind}
        />
      )}
      <TextArea
        label={note ? t.internal : t.label}
        description={note ? t.internalHelp : t.toPartner}
        rows={3}
        value={text}
        onChange={setText}
        maxLength={4000}
        error={write.error ? explain(write.error) : undefined}
      />
      {attach && !note && (
        <Suspense>
          <Attach onFile={(id) => setFiles((old) => [...old, id])} />
        </Suspense>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button isDisabled={!text.trim()} isPending={write.isPending} onPress={() => write.mutate(text.trim())}>
          {note ? t.note : t.send}
        </Button>
        {!note && !attach && (
          <Button variant="quiet" icon={<Paperclip size={16} aria-hidden />} onPress={() => setAttach(true)}>
            {t.attach}
          </Button>
        )}
        {files.length > 0 && !note && <span className="text-ink-3 text-small">{t.attached(files.length)}</span>}
      </div>
    </div>
  )
}
