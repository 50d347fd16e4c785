import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { optionsOf } from '../../shared/i18n/domain'
import { useRise } from '../../shared/i18n/rise'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextArea } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { inDays } from './days'
import { answer, type Task, touches } from './queries'
import type { Why } from './Reply'
import { useRooms } from './rooms'

export default function ReplyDialog({ task, why, onClose }: { task: Task; why: Why; onClose: () => void }) {
  const rise = useRise()
  const t = useRooms().rollout
  const common = useCommon()
  const form = useForm({
    initial: { reason_code: null as keyof typeof rise.reasonCodes | null, reason: '', later_on: null as string | null },
    check: (v) => ({
      reason_code: v.reason_code ? '' : t.missing,
      reason: v.reason.trim() ? '' : t.missing,
      later_on: why !== 'later' || v.later_on ? '' : t.missing,
    }),
  })
  const write = useWrite({
    run: (v: typeof form.values, { headers }) =>
      answer(task.id, why, { reason_code: v.reason_code, reason: v.reason.trim(), ...(v.later_on && { later_on: v.later_on }) }, headers),
    touches,
    onDone: () => {
      onClose()
      toast(t.done[why])
    },
    onError: form.refuse,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={{ later: t.askLater, decline: t.askDecline, release: t.askRelease }[why]}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => form.valid() && write.mutate(form.values)}>
            {t.acts[why]}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        <p className="font-medium text-ink">{task.solution_name}</p>
        {why === 'later' && <DatePicker label={t.laterOn} min={inDays(1)} max={inDays(730)} {...form.field('later_on')} />}
        <Select label={t.code} options={optionsOf(rise.reasonCodes)} {...form.field('reason_code')} />
        <TextArea label={t.words} description={t.wordsHelp} rows={3} maxLength={2000} {...form.field('reason')} />
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
