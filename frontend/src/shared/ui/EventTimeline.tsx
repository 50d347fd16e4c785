import type { Schemas } from '../api/client'
import { useActor, useDid } from '../i18n/did'
import { type StateOf, useDomain } from '../i18n/domain'
import { Time } from './Text'
import { Timeline } from './Timeline'

export default function EventTimeline({ events, of }: { events: Schemas['Event'][]; of?: StateOf }) {
  const t = useDomain()
  const { did: verbs, updated } = useDid()
  const named = useActor()
  const words = of ? (t.states[of] as Record<string, string>) : {}
  const title = (event: Schemas['Event']) => {
    const did = verbs[event.action.split('.').at(-1) ?? '']
    const to = event.to ? (words[event.to] ?? '') : ''
    return { did: did ?? updated, to: event.from === event.to ? '' : to }
  }
  return (
    <Timeline
      label={t.history}
      items={[...events]
        .sort((a, b) => b.at.localeCompare(a.at))
        .map((event, index) => {
          const { did, to } = title(event)
          return {
            id: `${event.at}${index}`,
            tone: index === 0 ? 'current' : 'past',
            title: (
              <>
                <span className="font-medium">{named(event.actor_name) || t.system}</span> {did}
                {to && <span className="text-ink-3"> · {to}</span>}
              </>
            ),
            body: event.reason && <span className="whitespace-pre-line">{event.reason}</span>,
            when: (
              <>
                <Time value={event.at} /> · {t.sides[event.side]}
              </>
            ),
          }
        })}
    />
  )
}
