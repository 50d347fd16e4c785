import { LockKeyhole } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { useActor, useDid } from '../../shared/i18n/did'
import { useDomain } from '../../shared/i18n/domain'
import { FileLine } from '../../shared/ui/FileLine'
import { Section } from '../../shared/ui/Layout'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { type Moment, Timeline } from '../../shared/ui/Timeline'
import type { Ticket } from './queries'
import { useTickets } from './words'

const Say = lazy(() => import('./Say'))

/** What both sides said, what was done and why, the newest first. */
export default function Thread({ ticket }: { ticket: Ticket }) {
  const t = useTickets()
  const d = useDomain()
  const { did, updated } = useDid()
  const named = useActor()
  const when = (at: string, side: string): ReactNode => (
    <>
      <Time value={at} /> · {side}
    </>
  )
  const said = ticket.messages.map((one) => ({
    id: one.id,
    at: one.at,
    title: (
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{one.author_name}</span>
        {one.internal && (
          <Tag tone="violet" icon={LockKeyhole}>
            {t.internal}
          </Tag>
        )}
      </span>
    ),
    body: (
      <div className="mt-1 rounded-card border border-line bg-sunken px-3 py-2 text-body text-ink">
        <p className="whitespace-pre-line break-words">{one.text}</p>
        {one.files.map((file) => (
          <FileLine key={file.id} file={file} className="mt-2" />
        ))}
      </div>
    ),
    when: when(one.at, d.sides[one.side]),
  }))
  const done = ticket.events
    .filter((event) => !['message', 'reply', 'note'].includes(event.action))
    .map((event, index) => ({
      id: `${event.at}${index}`,
      at: event.at,
      title: (
        <>
          <span className="font-medium">{named(event.actor_name) || d.system}</span> {did[event.action] ?? updated}
          {event.to && event.to !== event.from && (
            <span className="text-ink-3"> · {(d.states.ticket as Record<string, string>)[event.to] ?? ''}</span>
          )}
        </>
      ),
      body: event.reason && <p className="mt-1 whitespace-pre-line break-words text-body">{event.reason}</p>,
      when: when(event.at, d.sides[event.side]),
    }))
  const items: Moment[] = [...said, ...done]
    .sort((a, b) => b.at.localeCompare(a.at))
    .map((item, index) => ({ ...item, tone: index === 0 ? 'current' : 'past' }))
  const mayWrite = ticket.actions.some((one) => one === 'reply' || one === 'message')
  return (
    <Section title={t.thread}>
      {mayWrite && (
        <Suspense>
          <Say ticket={ticket} />
        </Suspense>
      )}
      <Timeline label={t.thread} items={items} />
    </Section>
  )
}
