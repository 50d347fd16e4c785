import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { useCommon } from '../../shared/i18n/common'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { NativeSelect } from '../../shared/ui/NativeSelect'
import { toast } from '../../shared/ui/Toast'
import { rejectPartner } from './queries'
import { usePartner } from './words'

const inDays = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

/** Why, in a word of the list and in the reviewer's own, and from when the firm may try again. */
export default function RejectDialog({ partner, onClose }: { partner: string; onClose: () => void }) {
  const t = usePartner()
  const common = useCommon()
  const lang = useLocale()
  const { reference } = useReference()
  const [code, setCode] = useState('')
  const [reason, setReason] = useState('')
  const [date, setDate] = useState<string | null>(null)
  const days = reference.reject_reasons.find((one) => one.code === code)?.days ?? 0
  const write = useWrite({
    run: (_: undefined, { headers }) =>
      rejectPartner(partner, { code: code as 'other', reason: reason.trim(), reapply_on: date ?? undefined }, headers),
    touches: ['partner', 'home'],
    onDone: () => {
      toast(t.done.reject)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.ask.reject}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="danger" isDisabled={!code || !reason.trim()} isPending={write.isPending} onPress={() => write.mutate(undefined)}>
            {t.acts.reject}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <NativeSelect
          label={t.rejectCode}
          options={[
            ...(code ? [] : [{ id: '', label: common.pick }]),
            ...reference.reject_reasons.map((one) => ({ id: one.code, label: one[lang] })),
          ]}
          value={code}
          onChange={setCode}
        />
        <TextArea
          label={t.rejectWords}
          description={t.rejectHelp}
          rows={3}
          value={reason}
          onChange={setReason}
          maxLength={2000}
          error={write.error ? explain(write.error) : undefined}
        />
        <DatePicker
          label={t.reapplyOn}
          description={code ? t.reapplyDefault(inDays(days)) : undefined}
          isRequired={false}
          value={date}
          onChange={setDate}
          min={inDays(0)}
        />
      </div>
    </Dialog>
  )
}
