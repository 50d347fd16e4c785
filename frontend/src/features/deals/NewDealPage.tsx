import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, useEffect, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useForm } from '../../shared/lib/form'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { toast } from '../../shared/ui/Toast'
import { type Answer, BlindCheck } from './BlindCheck'
import type { Picked } from './OfferPicker'
import { newDeal, offerQuery } from './queries'
import { useDeals } from './words'

const Fields = lazy(() => import('./DealFields'))

export const blank = {
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
            <Part>
              <Fields form={form} />
            </Part>
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
