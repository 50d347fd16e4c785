import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCan } from '../../shared/api/session'
import { formatFen } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { State } from '../../shared/ui/Record'
import { Due, Time } from '../../shared/ui/Text'
import { dealsOf, ordersOf, servicesOf, ticketsOf } from './queries'
import { useAccounts } from './words'

/** What the customer has with us, as far as the viewer may see it. */
export function Business({ id }: { id: string }) {
  const can = useCan()
  return (
    <>
      {can('order:read') && (
        <Part>
          <Services id={id} />
        </Part>
      )}
      {can('ticket:read') && (
        <Part>
          <Tickets id={id} />
        </Part>
      )}
      {can('deal:read') && (
        <Part>
          <Deals id={id} />
        </Part>
      )}
      {can('order:read') && (
        <Part>
          <Orders id={id} />
        </Part>
      )}
    </>
  )
}

type Line = { id: string; to?: string; number: string; what: ReactNode; state: ReactNode; end: ReactNode; act?: ReactNode }

function Lines({ title, lines }: { title: string; lines: Line[] }) {
  const t = useAccounts()
  return (
    <Section title={title}>
      {lines.length === 0 ? (
        <p className="text-ink-3">{t.noneYet}</p>
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line">
          {lines.map((line) => (
            <li key={line.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
              {line.to ? (
                <Link to={line.to as string} className="num focus-ring rounded-check font-medium hover:text-accent-text">
                  {line.number}
                </Link>
              ) : (
                <span className="num font-medium">{line.number}</span>
              )}
              <span className="order-last min-w-0 basis-full text-ink-2 md:order-none md:flex-1 md:basis-0 md:truncate">{line.what}</span>
              {line.state}
              <span className="num text-ink-3 text-small">{line.end}</span>
              {line.act}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Services({ id }: { id: string }) {
  const t = useAccounts()
  const can = useCan()
  const items = useSuspenseQuery(servicesOf(id)).data.items
  return (
    <Lines
      title={t.services}
      lines={items.map((one) => ({
        id: one.id,
        to: `/orders/${one.order_id}`,
        number: one.number,
        what: one.support_until ? `${one.solution_name} · ${t.supportUntil(one.support_until)}` : one.solution_name,
        state: <State of="service" value={one.state} />,
        end: <Time value={one.active_at} as="date" />,
        act: can('ticket:open') && one.state !== 'ended' && (
          <Link
            to={'/tickets/new' as string}
            search={{ service: one.id, account: id } as never}
            aria-label={t.raiseTicketOn(one.number)}
            className="focus-ring rounded-check text-accent-text text-small hover:underline"
          >
            {t.raiseTicket}
          </Link>
        ),
      }))}
    />
  )
}

function Tickets({ id }: { id: string }) {
  const t = useAccounts()
  const items = useSuspenseQuery(ticketsOf(id)).data.items
  return (
    <Lines
      title={t.tickets}
      lines={items.map((one) => ({
        id: one.id,
        to: `/tickets/${one.id}`,
        number: one.number,
        what: `${one.subject} · ${one.solution_name}`,
        state: <State of="ticket" value={one.state} />,
        end: one.due_at ? <Due at={one.due_at} /> : <Time value={one.opened_at} as="date" />,
      }))}
    />
  )
}

function Deals({ id }: { id: string }) {
  const t = useAccounts()
  const items = useSuspenseQuery(dealsOf(id)).data.items
  return (
    <Lines
      title={t.deals}
      lines={items.map((one) => ({
        id: one.id,
        to: `/deals/${one.id}`,
        number: one.number,
        what: `${one.products.join('、')} · ${one.partner_name}`,
        state: <State of="deal" value={one.state} />,
        end: formatFen(one.amount_fen),
      }))}
    />
  )
}

function Orders({ id }: { id: string }) {
  const t = useAccounts()
  const items = useSuspenseQuery(ordersOf(id)).data.items
  return (
    <Lines
      title={t.orders}
      lines={items.map((one) => ({
        id: one.id,
        to: `/orders/${one.id}`,
        number: one.number,
        what: one.solution_name,
        state: <State of="order" value={one.state} />,
        end: formatFen(one.total_fen),
      }))}
    />
  )
}
