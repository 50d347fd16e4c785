import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Paperclip } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { useFileUploads } from '../../shared/lib/files'
import { useForm } from '../../shared/lib/form'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { DatePicker } from '../../shared/ui/DatePicker'
import { TextArea, TextField } from '../../shared/ui/Field'
import { FileDrop } from '../../shared/ui/FileDrop'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MoneyField } from '../../shared/ui/MoneyField'
import { RecordPage } from '../../shared/ui/Record'
import { Select } from '../../shared/ui/Select'
import { toast } from '../../shared/ui/Toast'
import { type Answer, BlindCheck } from './BlindCheck'
import { OfferPicker, type Picked } from './OfferPicker'
import { newDeal, offerQuery } from './queries'
import { useDeals } from './words'

const blank = {
  credit_code: '',
  account_name: '',
  city: '',
  district_code: '',
  offers: [] as Picked[],
  amount_fen: null as number | null,
  close_on: null as string | null,
  contact_name: '',
  contact_phone: '',
  need: '',
  file_ids: [] as string[],
}

export function NewDealPage() {
  const t = useDeals()
  return (
    <RecordPage>
      <div className="max-w-[640px]">
        <PageHeader title={t.new.title} sub={t.new.sub} crumbs={[{ label: t.title, to: '/deals' }]} />
        <Registration />
      </div>
    </RecordPage>
  )
}

function Registration() {
  const t = useDeals().new
  const navigate = useNavigate()
  const [answer, setAnswer] = useState<Answer>()
  const need = (text: string) => (text.trim() ? '' : t.missing)
  const form = useForm({
    initial: blank,
    draft: 'deal.new',
    check: (values) => ({
      account_name: need(values.account_name),
      city: values.city ? '' : t.pick,
      district_code: values.district_code ? '' : t.pick,
      offers: values.offers.length ? '' : t.pick,
      amount_fen: values.amount_fen === null ? t.missing : '',
      contact_name: need(values.contact_name),
      contact_phone: need(values.contact_phone),
      need: need(values.need),
    }),
  })
  const [{ listing }] = useFilters<{ listing?: string }>()
  const offer = useQuery({ ...offerQuery(listing ?? ''), enabled: !!listing })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the offer that led here is put in once, when it has arrived
  useEffect(() => {
    const one = offer.data
    if (one && !form.values.offers.some((picked) => picked.id === one.id))
      form.set({ offers: [...form.values.offers, { id: one.id, name: one.name, partner: one.partner_name }] })
  }, [offer.data])
  const send = useWrite({
    run: ({ city: _, offers, amount_fen, close_on, ...values }: typeof blank, { headers }) =>
      newDeal(
        { ...values, listing_ids: offers.map((one) => one.id), amount_fen: amount_fen ?? 0, close_on: close_on ?? undefined },
        headers,
      ),
    touches: ['deal', 'home'],
    onDone: (deal) => {
      form.done()
      toast(t.done)
      void navigate({ to: `/deals/${deal.id}` as string })
    },
    onError: (problem) => {
      form.refuse(problem)
      if (problem.byField.credit_code) setAnswer(undefined)
    },
  })
  const allowed = answer && answer.answer !== 'protected'
  return (
    <>
      <BlindCheck code={form.values.credit_code} onCode={(credit_code) => form.set({ credit_code })} answer={answer} onAnswer={setAnswer} />
      {allowed && (
        <form
          ref={form.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (form.valid() && !send.isPending) send.mutate(form.values)
          }}
        >
          <Section title={t.step2}>
            <Fields form={form} />
          </Section>
          {send.error && (
            <p role="alert" className="mb-4 text-cinnabar text-small">
              {explain(send.error)}
            </p>
          )}
          <Button type="submit" variant="primary" size="large" isPending={send.isPending} className="phone:w-full">
            {t.go}
          </Button>
        </form>
      )}
    </>
  )
}

type Form = ReturnType<typeof useForm<typeof blank>>

function Fields({ form }: { form: Form }) {
  const t = useDeals().new
  const { reference } = useReference()
  const [proof, setProof] = useState(false)
  const districts = reference.cities.find((city) => city.code === form.values.city)?.districts ?? []
  return (
    <div className="flex flex-col gap-4">
      <TextField label={t.name} autoComplete="off" {...form.field('account_name')} />
      <div className="grid grid-cols-2 gap-4">
        <Select
          label={t.city}
          options={reference.cities.map((city) => ({ id: city.code, label: city.name }))}
          {...form.field('city')}
          onChange={(city) => form.set({ city, district_code: '' })}
        />
        <Select
          label={t.district}
          isDisabled={!districts.length}
          options={districts.map((district) => ({ id: district.code, label: district.name }))}
          {...form.field('district_code')}
        />
      </div>
      <OfferPicker
        value={form.values.offers}
        onChange={(offers) => form.set({ offers })}
        error={form.errors.offers ?? form.errors.listing_ids}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <MoneyField label={t.amount} {...form.field('amount_fen')} />
        <DatePicker label={t.closeOn} isRequired={false} min={new Date().toISOString().slice(0, 10)} {...form.field('close_on')} />
        <TextField label={t.contact} autoComplete="off" {...form.field('contact_name')} />
        <TextField label={t.phone} type="tel" inputMode="tel" autoComplete="off" {...form.field('contact_phone')} />
      </div>
      <TextArea label={t.need} description={t.needHelp} rows={4} maxLength={2000} {...form.field('need')} />
      {proof ? (
        <Proof onFile={(id) => form.set({ file_ids: [...form.values.file_ids, id] })} />
      ) : (
        <Button className="self-start" variant="quiet" icon={<Paperclip size={16} aria-hidden />} onPress={() => setProof(true)}>
          {t.addFiles}
        </Button>
      )}
    </div>
  )
}

function Proof({ onFile }: { onFile: (id: string) => void }) {
  const t = useDeals().new
  const { reference } = useReference()
  const rule = reference.file_rules.find((one) => one.purpose === 'deal_evidence')
  const queue = useFileUploads('deal_evidence', async (file) => onFile(file.id))
  return (
    <div>
      <p className="mb-1.5 text-small">
        {t.files} <span className="text-ink-3">{t.filesHelp}</span>
      </p>
      <FileDrop queue={queue} what={t.what} accept={rule?.media_types} maxBytes={rule?.max_bytes ?? 20_000_000} />
    </div>
  )
}
