import { useQuery } from '@tanstack/react-query'
import { Paperclip } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useState } from 'react'
import { optionsOf, useDomain } from '../../shared/i18n/domain'
import type { useForm } from '../../shared/lib/form'
import { Button } from '../../shared/ui/Button'
import { RadioGroup } from '../../shared/ui/Choice'
import { TextArea, TextField } from '../../shared/ui/Field'
import { ComboBox, Select } from '../../shared/ui/Select'
import { SegmentedControl } from '../../shared/ui/Tabs'
import type { blank } from './NewTicketPage'
import { offersQuery, servicesQuery } from './queries'
import { useTickets } from './words'

const Attach = lazy(() => import('./Attach'))

type Form = ReturnType<typeof useForm<typeof blank>>

export default function TicketFields({ form, account }: { form: Form; account?: string }) {
  const t = useTickets().raise
  const d = useDomain()
  const [attach, setAttach] = useState(false)
  return (
    <div className="flex flex-col gap-4">
      <SegmentedControl
        className="self-start"
        label={t.about}
        items={[
          { id: 'service', label: t.service },
          { id: 'offer', label: t.offer },
        ]}
        value={form.values.about}
        onChange={(about) => form.set({ about })}
      />
      {form.values.about === 'service' ? (
        account ? (
          <OwnServices form={form} account={account} />
        ) : (
          <ServicePicker form={form} />
        )
      ) : (
        <OfferPicker form={form} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Select label={t.category} options={optionsOf(d.ticketCategory)} {...form.field('category')} />
        <RadioGroup
          label={t.severity}
          options={optionsOf(d.severity).map((one) => ({ ...one, description: d.severityWhy[one.id] }))}
          {...form.field('severity')}
        />
      </div>
      <TextField label={t.subject} description={t.subjectHelp} maxLength={120} autoComplete="off" {...form.field('subject')} />
      <TextArea label={t.description} description={t.descriptionHelp} rows={6} maxLength={4000} {...form.field('description')} />
      {attach ? (
        <Suspense>
          <Attach onFile={(id) => form.set({ file_ids: [...form.values.file_ids, id] })} />
        </Suspense>
      ) : (
        <Button className="self-start" variant="quiet" icon={<Paperclip size={16} aria-hidden />} onPress={() => setAttach(true)}>
          {t.attach}
        </Button>
      )}
    </div>
  )
}

const label = (one: { account_name: string; solution_name: string }) => `${one.account_name} · ${one.solution_name}`

/** Coming from a customer: its services only. */
function OwnServices({ form, account }: { form: Form; account: string }) {
  const t = useTickets().raise
  const { data } = useQuery(servicesQuery({ account }))
  const options = (data?.items ?? []).map((one) => ({ id: one.id, label: label(one), description: one.number }))
  return <Select label={t.pickService} options={options} {...form.field('service')} />
}

function ServicePicker({ form }: { form: Form }) {
  const t = useTickets().raise
  const [text, setText] = useState('')
  const { data, isFetching } = useQuery({
    ...servicesQuery({ q: useDeferredValue(text).split(' · ')[0] || undefined }),
    placeholderData: (old) => old,
  })
  const options = (data?.items ?? []).map((one) => ({ id: one.id, label: label(one), description: one.number }))
  const field = form.field('service')
  return (
    <ComboBox
      label={t.pickService}
      description={t.pickServiceHelp}
      empty={t.noService}
      input={text}
      onInput={setText}
      isLoading={isFetching}
      options={options}
      {...field}
      onChange={(id) => {
        setText(options.find((one) => one.id === id)?.label ?? '')
        field.onChange(id)
      }}
    />
  )
}

function OfferPicker({ form }: { form: Form }) {
  const t = useTickets().raise
  const [text, setText] = useState('')
  const { data, isFetching } = useQuery({ ...offersQuery(useDeferredValue(text)), placeholderData: (old) => old })
  const options = (data?.items ?? []).map((one) => ({
    id: one.id,
    label: one.name,
    description: `${one.partner_name} · ${one.scope_name}`,
  }))
  const field = form.field('offer')
  return (
    <ComboBox
      label={t.pickOffer}
      empty={t.noOffer}
      input={text}
      onInput={setText}
      isLoading={isFetching}
      options={options}
      {...field}
      onChange={(id) => {
        setText(options.find((one) => one.id === id)?.label ?? '')
        field.onChange(id)
      }}
    />
  )
}
