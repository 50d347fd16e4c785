import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { useForm } from '../../shared/lib/form'
import { useFilters } from '../../shared/lib/search'
import { Button } from '../../shared/ui/Button'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { toast } from '../../shared/ui/Toast'
import { promisesQuery, raise, type TicketRow } from './queries'
import { useTickets } from './words'

const Fields = lazy(() => import('./TicketFields'))

export const blank = {
  about: 'service' as 'service' | 'offer',
  service: null as string | null,
  offer: null as string | null,
  category: null as TicketRow['category'] | null,
  severity: null as TicketRow['severity'] | null,
  subject: '',
  description: '',
  file_ids: [] as string[],
}

export function NewTicketPage() {
  const t = useTickets()
  const can = useCan()
  return (
    <RecordPage>
      <PageHeader title={t.raise.title} sub={t.raise.sub} crumbs={[{ label: t.title, to: '/tickets' }]} />
      {can('ticket:open') && <Form />}
      <Part>
        <Promises />
      </Part>
    </RecordPage>
  )
}

function Form() {
  const t = useTickets().raise
  const navigate = useNavigate()
  const [search] = useFilters<{ service?: string; account?: string }>()
  const form = useForm({
    initial: { ...blank, service: search.service ?? null },
    draft: search.service ? undefined : 'ticket.new',
    check: (values) => ({
      service: values.about === 'offer' || values.service ? '' : t.pick,
      offer: values.about === 'service' || values.offer ? '' : t.pick,
      category: values.category ? '' : t.pick,
      severity: values.severity ? '' : t.pick,
      subject: values.subject.trim() ? '' : t.missing,
      description: values.description.trim() ? '' : t.missing,
    }),
  })
  const send = useWrite({
    run: ({ about, service, offer, category, severity, ...rest }: typeof blank, { headers }) =>
      raise(
        {
          ...rest,
          category: category ?? 'other',
          severity: severity ?? 'minor',
          ...(about === 'service' ? { service_id: service ?? '' } : { listing_id: offer ?? '' }),
        },
        headers,
      ),
    touches: ['ticket', 'home'],
    onDone: (ticket) => {
      form.done()
      toast(t.done)
      void navigate({ to: `/tickets/${ticket.id}` as string })
    },
    onError: (problem) => form.refuse(problem),
  })
  return (
    <form
      ref={form.form}
      noValidate
      className="max-w-[640px]"
      onSubmit={(event) => {
        event.preventDefault()
        if (form.valid() && !send.isPending) send.mutate(form.values)
      }}
    >
      <Part>
        <Fields form={form} account={search.account} />
      </Part>
      {send.error && (
        <p role="alert" className="mt-4 text-cinnabar text-small">
          {explain(send.error)}
        </p>
      )}
      <Button type="submit" variant="primary" size="large" isPending={send.isPending} className="mt-6 phone:w-full">
        {t.go}
      </Button>
    </form>
  )
}

function Promises() {
  const t = useTickets().raise
  const d = useDomain()
  const items = useSuspenseQuery(promisesQuery).data.items
  const tiers = [...new Set(items.map((one) => one.tier))]
  const severities = [...new Set(items.map((one) => one.severity))]
  return (
    <Section title={t.promises} sub={t.promisesWhy} className="mt-10 max-w-[640px]">
      <MiniTable
        label={t.promises}
        head={['', ...severities.map((one) => d.severity[one])]}
        rows={tiers.map((tier) => ({
          id: tier,
          cells: [
            d.tier[tier],
            ...severities.map((severity) => {
              const one = items.find((item) => item.tier === tier && item.severity === severity)
              return <span key={severity} className="num whitespace-nowrap">{`${one?.respond_hours} / ${one?.resolve_hours}`}</span>
            }),
          ],
        }))}
      />
    </Section>
  )
}
