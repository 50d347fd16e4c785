import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCommon } from '../../shared/i18n/common'
import { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { NumberField, TextArea } from '../../shared/ui/Field'
import { MoneyField } from '../../shared/ui/MoneyField'
import { toast } from '../../shared/ui/Toast'
import type { Asking } from './acts'
import { inDays } from './days'
import { step, touches } from './queries'
import { useRooms } from './rooms'
import { useGraduation } from './words'

/** Steps that ask more than a reason: dates, targets, what to improve. */
export default function StepDialog({ id, asking, onClose }: { id: string; asking: Asking; onClose: () => void }) {
  const t = useGraduation()
  const d = useRooms().dialog
  const common = useCommon()
  const form = useForm({
    initial: {
      days: 10 as number | null,
      reason: '',
      improvements: '',
      again_after: inDays(60) as string | null,
      starts_on: inDays(0) as string | null,
      ends_on: inDays(90) as string | null,
      target_accounts: null as number | null,
      target_fen: null as number | null,
      note: '',
    },
    check: (v) =>
      asking === 'return'
        ? {
            reason: v.reason.trim() ? '' : d.missing,
            improvements: v.improvements.trim() ? '' : d.missing,
            again_after: v.again_after ? '' : d.missing,
          }
        : asking === 'volunteer'
          ? {
              target_accounts: v.target_accounts ? '' : d.missing,
              starts_on: v.starts_on ? '' : d.missing,
              ends_on: v.ends_on ? '' : d.missing,
            }
          : { days: v.days ? '' : d.missing },
  })
  const write = useWrite({
    run: (v: typeof form.values, { headers }) => {
      if (asking === 'start_evaluation') return step(id, 'start_evaluation', { days: v.days }, headers)
      if (asking === 'return')
        return step(
          id,
          'return',
          {
            reason: v.reason.trim(),
            improvements: v.improvements.split('\n').filter((line) => line.trim()),
            again_after: v.again_after,
          },
          headers,
        )
      const { starts_on, ends_on, target_accounts, note } = v
      return step(id, 'pilots', { starts_on, ends_on, target_accounts, target_fen: v.target_fen ?? 0, note: note.trim() }, headers)
    },
    touches,
    onDone: () => {
      onClose()
      toast(t.done[asking])
    },
    onError: form.refuse,
  })
  const title = { return: d.returnTitle, volunteer: d.pilotTitle, start_evaluation: t.ask.start_evaluation }[asking]
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={write.isPending} onPress={() => form.valid() && write.mutate(form.values)}>
            {t.acts[asking]}
          </Button>
        </>
      }
    >
      <form ref={form.form} noValidate className="flex flex-col gap-4" onSubmit={(event) => event.preventDefault()}>
        {asking === 'start_evaluation' && (
          <>
            <p>{t.ask.start_evaluationWhy}</p>
            <NumberField label={d.days} minValue={1} maxValue={30} {...form.field('days')} />
          </>
        )}
        {asking === 'return' && (
          <>
            <TextArea label={d.reason} rows={2} maxLength={2000} {...form.field('reason')} />
            <TextArea label={d.improve} description={d.improveHelp} rows={4} {...form.field('improvements')} />
            <DatePicker label={d.again} min={inDays(1)} max={inDays(730)} {...form.field('again_after')} />
          </>
        )}
        {asking === 'volunteer' && (
          <>
            <p>{d.pilotWhy}</p>
            <div className="grid gap-4 md:grid-cols-2">
              <DatePicker label={d.starts} min={inDays(0)} max={inDays(365)} {...form.field('starts_on')} />
              <DatePicker label={d.ends} min={inDays(1)} {...form.field('ends_on')} />
              <NumberField label={d.accounts} minValue={1} {...form.field('target_accounts')} />
              <MoneyField label={d.revenue} isRequired={false} {...form.field('target_fen')} />
            </div>
            <TextArea label={d.note} rows={2} isRequired={false} maxLength={2000} {...form.field('note')} />
          </>
        )}
        {write.error && (
          <p role="alert" className="text-cinnabar text-small">
            {explain(write.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
