import { useSuspenseQuery } from '@tanstack/react-query'
import { useWrite } from '../../shared/api/mutate'
import { useCan } from '../../shared/api/session'
import { useCommon, useRoleName } from '../../shared/i18n/common'
import { useRefusal } from '../../shared/i18n/permissions'
import { useForm } from '../../shared/lib/form'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { Dialog } from '../../shared/ui/Dialog'
import { TextField } from '../../shared/ui/Field'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { colleaguesQuery, delegate } from './queries'
import { useMembers } from './words'

const day = (ahead: number) => formatTime(new Date(Date.now() + ahead * 86_400_000), 'date')
// business days begin and end at midnight in Shanghai
const midnight = (date: string, plus = 0) => new Date(Date.parse(`${date}T00:00:00+08:00`) + plus * 86_400_000).toISOString()

/** Lends the own seat, or as an admin anybody's, for some days. */
export default function DelegateDialog({ onClose }: { onClose: () => void }) {
  const t = useMembers()
  const refusal = useRefusal()
  const common = useCommon()
  const role = useRoleName()
  const can = useCan()
  const people = useSuspenseQuery(colleaguesQuery).data.items
  const self = people.find((one) => one.self)
  const form = useForm({
    initial: { from_id: self?.id ?? '', to_id: '', from: day(0), until: day(7), reason: '' },
    check: (values) => ({
      from_id: values.from_id ? '' : t.pickPerson,
      to_id: !values.to_id ? t.pickPerson : values.to_id === values.from_id ? t.samePerson : '',
      until: values.until && values.until >= values.from ? '' : t.badSpan,
    }),
  })
  const save = useWrite({
    run: ({ from, until, ...body }: typeof form.values, { headers }) =>
      delegate({ ...body, starts_at: from <= day(0) ? new Date().toISOString() : midnight(from), ends_at: midnight(until, 1) }, headers),
    touches: ['delegation', 'me'],
    onDone: (made) => {
      toast(t.delegated(made.to_name))
      onClose()
    },
    onError: form.refuse,
  })
  const options = people.map((one) => ({ id: one.id, label: one.name, description: one.roles.map(role).join(' · ') }))
  const go = () => form.valid() && !save.isPending && save.mutate(form.values)
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t.delegateTitle}
      footer={
        <>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => void go()}>
            {t.delegateGo}
          </Button>
        </>
      }
    >
      <form
        ref={form.form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <p>{t.delegateHelp}</p>
        {can('member:write') && (
          <Select
            label={t.away}
            options={options}
            {...form.field('from_id')}
            onChange={(from_id) => form.set({ from_id: from_id ?? '' })}
          />
        )}
        <Select
          label={t.standIn}
          options={options.filter((one) => one.id !== form.values.from_id)}
          {...form.field('to_id')}
          onChange={(to_id) => form.set({ to_id: to_id ?? '' })}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <DatePicker label={t.fromDay} min={day(0)} {...form.field('from')} onChange={(from) => form.set({ from: from ?? '' })} />
          <DatePicker
            label={t.untilDay}
            min={form.values.from}
            max={day(89)}
            {...form.field('until')}
            onChange={(until) => form.set({ until: until ?? '' })}
          />
        </div>
        <TextField label={t.reason} isRequired={false} maxLength={500} {...form.field('reason')} />
        {save.error && !Object.keys(form.errors).length && (
          <p role="alert" className="text-cinnabar text-small">
            {refusal(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  )
}
