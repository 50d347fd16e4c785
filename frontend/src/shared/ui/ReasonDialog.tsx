import { useState } from 'react'
import { type ApiProblem, explain } from '../api/problem'
import { useCommon } from '../i18n/common'
import { useDomain } from '../i18n/domain'
import type { Ask } from './Actions'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { TextArea, TextField } from './Field'

type Props = {
  ask: Ask
  action: string
  isDanger?: boolean
  isPending: boolean
  problem?: ApiProblem
  onClose: () => void
  onGo: (reason: string) => void
}

/** Asks why, or asks again, before something is done to a record. */
export default function ReasonDialog({ ask, action, isDanger, isPending, problem, onClose, onGo }: Props) {
  const common = useCommon()
  const t = useDomain()
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [missing, setMissing] = useState(false)
  const go = () => {
    if (ask.reason === 'required' && !reason.trim()) return setMissing(true)
    onGo(reason.trim())
  }
  const field = problem?.byField.reason
  return (
    <Dialog
      isOpen
      onClose={onClose}
      role={ask.reason ? 'dialog' : 'alertdialog'}
      title={ask.title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button
            variant={isDanger ? 'danger' : 'primary'}
            isPending={isPending}
            isDisabled={!!ask.typed && typed.trim() !== ask.typed}
            onPress={go}
          >
            {action}
          </Button>
        </>
      }
    >
      {ask.help && <div className="mb-3">{ask.help}</div>}
      {ask.reason && (
        <TextArea
          label={ask.label ?? (ask.reason === 'required' ? t.reasonLabel : t.noteLabel)}
          description={ask.reason === 'required' && !ask.label ? t.reasonHelp : undefined}
          isRequired={ask.reason === 'required' ? undefined : false}
          value={reason}
          onChange={(value) => {
            setReason(value)
            setMissing(false)
          }}
          maxLength={2000}
          error={missing ? t.reasonMissing : field}
          autoFocus
        />
      )}
      {ask.typed && (
        <TextField className="mt-4" label={common.confirmType(ask.typed)} value={typed} onChange={setTyped} autoComplete="off" />
      )}
      {problem && !field && (
        <p role="alert" className="mt-3 text-cinnabar text-small">
          {explain(problem)}
        </p>
      )}
    </Dialog>
  )
}
