import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { CircleCheck, CircleDot, Clock, X } from 'lucide-react'
import { lazy } from 'react'
import { useCan, useMe } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Due, Time } from '../../shared/ui/Text'
import { useTicketActs } from './acts'
import { type Ticket, ticketQuery } from './queries'
import { Severity } from './Severity'
import { SideClock } from './SideClock'
import { useTickets } from './words'

const Thread = lazy(() => import('./Thread'))

export function TicketPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useTickets()
  const d = useDomain()
  const { id } = useParams({ strict: false }) as { id: string }
  const ticket = useSuspenseQuery(ticketQuery(id)).data
  const { acts, primary } = useTicketActs()
  const steps = ticket.actions.filter((action) => acts.some((one) => one.id === action))
  return (
    <>
      <PageHeader
        title={ticket.subject}
        documentTitle={`${ticket.number} ${ticket.subject}`}
        sub={[ticket.account_name || (!ticket.service_id && t.onOffer), ticket.solution_name].filter(Boolean).join(' · ')}
        crumbs={[{ label: t.title, to: '/tickets' }]}
        tags={
          <>
            <State of="ticket" value={ticket.state} />
            <Severity value={ticket.severity} />
            <Tag>{d.ticketCategory[ticket.category]}</Tag>
            {ticket.due_at && <Due at={ticket.due_at} />}
          </>
        }
      />
      <Turn ticket={ticket} />
      <Columns aside={<Aside ticket={ticket} />}>
        <Section title={t.description}>
          <Card>
            <p className="whitespace-pre-line">{ticket.description}</p>
            {ticket.files.length > 0 && (
              <ul className="mt-3 flex flex-col gap-2 border-line border-t pt-3">
                {ticket.files.map((file) => (
                  <li key={file.id}>
                    <FileLine file={file} />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </Section>
        <Part>
          <Thread ticket={ticket} />
        </Part>
      </Columns>
      {steps.length > 0 && (
        <DecisionBar>
          <Actions resource="tickets" id={id} allowed={steps} acts={acts} primary={primary} touches={['ticket', 'home']} />
        </DecisionBar>
      )}
    </>
  )
}

/** Who acts next; amber when it is the reader. */
function Turn({ ticket }: { ticket: Ticket }) {
  const t = useTickets()
  const partner = useMe().membership.tenant_kind === 'partner'
  const mine = ticket.holder !== 'none' && partner === (ticket.holder === 'partner') && ticket.actions.some((one) => one !== 'cancel')
  const [usual, why] = t.next[ticket.state] ?? ['', '']
  const title = (mine && t.nextMine[ticket.state]) || usual
  if (ticket.state === 'closed') return <Banner tone="jade" icon={<CircleCheck size={18} aria-hidden />} title={title} />
  if (ticket.state === 'cancelled') return <Banner icon={<X size={18} aria-hidden />} title={title} />
  const Icon = mine ? CircleDot : Clock
  return (
    <Banner tone={ticket.overdue ? 'cinnabar' : mine ? 'amber' : 'accent'} icon={<Icon size={18} aria-hidden />} title={title}>
      {[ticket.overdue && t.isLate, why].filter(Boolean).join(' ')}
    </Banner>
  )
}

function Aside({ ticket }: { ticket: Ticket }) {
  const t = useTickets()
  const d = useDomain()
  const can = useCan()
  const { account_id, account_name } = ticket
  return (
    <>
      <Section title={t.clock} sub={t.clockWhy}>
        <Card>
          <SideClock ticket={ticket} />
        </Card>
      </Section>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.columns.number, value: ticket.number },
              !!ticket.service_id && {
                label: t.columns.account,
                value:
                  account_id && can('account:read') ? (
                    <Link to={`/accounts/${account_id}` as string} className="text-accent-text hover:underline">
                      {account_name}
                    </Link>
                  ) : (
                    account_name || <span className="text-ink-3">{t.nameGone}</span>
                  ),
              },
              !!ticket.service_number && { label: t.service, value: ticket.service_number },
              { label: t.columns.supplier, value: ticket.partner_name },
              { label: t.tier, value: wordOf(d.tier, ticket.tier) },
              { label: t.raisedBy, value: ticket.opened_by_name },
              { label: t.columns.opened, value: <Time value={ticket.opened_at} /> },
              { label: t.takenBy, value: ticket.taken_by_name || <span className="text-ink-3">{t.nobody}</span> },
            ]}
          />
        </Card>
      </Section>
    </>
  )
}
