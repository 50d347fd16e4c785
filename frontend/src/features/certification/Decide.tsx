import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import ReasonDialog from '../../shared/ui/ReasonDialog'
import { toast } from '../../shared/ui/Toast'
import { useParts } from './partsWords'
import { approveUnder, type Certification, revokeCertificate } from './queries'

const touches = ['certification', 'review', 'version', 'listing', 'home']

/** The two decisions that ask for more than a reason. */
export default function Decide({ one, what, onClose }: { one: Certification; what: 'conditions' | 'revoke'; onClose: () => void }) {
  return what === 'revoke' ? <Revoke one={one} onClose={onClose} /> : <Conditional one={one} onClose={onClose} />
}

function Revoke({ one, onClose }: { one: Certification; onClose: () => void }) {
  const { revoke: t } = useParts()
  const number = one.certificate?.number ?? ''
  const write = useWrite({
    run: (reason: string, { headers }) => revokeCertificate(one.id, { reason, number }, headers),
    touches,
    onDone: () => {
      toast(t.done)
      onClose()
    },
  })
  return (
    <ReasonDialog
      ask={{ title: t.title, help: t.help, reason: 'required', typed: number }}
      action={t.act}
      isDanger
      isPending={write.isPending}
      problem={write.error ?? undefined}
      onClose={onClose}
      onGo={(reason) => write.mutate(reason)}
    />
  )
}

function Conditional({ one, onClose }: { one: Certification; onClose: () => void }) {
  const { condition: t } = useParts()
  const common = useCommon()
  const [rows, setRows] = useState([{ id: 1, text: '', due_on: '' }])
  const write = useWrite({
    run: (conditions: { text: string; due_on: string }[], { headers }) => approveUnder(one.id, conditions, headers),
    touches,
    onDone: () => {
      toast(t.approved)
      onClose()
    },
  })
  const set = (id: number, patch: Partial<(typeof rows)[number]>) =>
    setRows((old) => old.map((row) => (row.id === id ? { ...row, ...patch } : row)))
  const whole = rows.every((row) => row.text.trim() && row.due_on)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.askTitle}
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant="primary"
            isDisabled={!whole}
            isPending={write.isPending}
            onPress={() => write.mutate(rows.map((row) => ({ text: row.text.trim(), due_on: row.due_on })))}
          >
            {t.approve}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-ink-2">{t.askHelp}</p>
      <div className="flex flex-col gap-4">
        {rows.map((row) => (
          <div key={row.id} className="flex flex-wrap items-end gap-3">
            <TextField
              label={t.text}
              className="min-w-48 flex-1"
              value={row.text}
              onChange={(text) => set(row.id, { text })}
              maxLength={500}
            />
            <DatePicker label={t.due} value={row.due_on} onChange={(due_on) => set(row.id, { due_on: due_on ?? '' })} />
            {rows.length > 1 && (
              <Button
                variant="quiet"
                icon={<Trash2 size={14} aria-hidden />}
                aria-label={t.remove}
                onPress={() => setRows((old) => old.filter((x) => x.id !== row.id))}
              />
            )}
          </div>
        ))}
      </div>
      <Button
        size="small"
        className="mt-3"
        icon={<Plus size={14} aria-hidden />}
        onPress={() => setRows((old) => [...old, { id: Date.now(), text: '', due_on: '' }])}
      >
        {t.add}
      </Button>
      {write.error && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(write.error)} {write.error.errors.map((x) => x.message).join(' ')}
        </p>
      )}
    </Dialog>
  )
}
