import { CircleDot, CornerDownRight } from 'lucide-react'
import { useState } from 'react'
import { send } from '../api/act'
import type { Schemas } from '../api/client'
import { useWrite } from '../api/mutate'
import { explain } from '../api/problem'
import { useRequests } from '../i18n/requests'
import { Button } from './Button'
import { TextArea } from './Field'
import { Card, Section } from './Layout'
import { Tag } from './Tag'
import { Due, Time } from './Text'
import { toast } from './Toast'

type Request = Schemas['ReviewRequest']
type Resource = 'certifications' | 'listings'
export const requestTouches = ['certification', 'listing', 'review', 'home']

/** What the approver asked of others before deciding, and what they said. */
export function Requests({ resource, id, requests }: { resource: Resource; id: string; requests: Request[] }) {
  const t = useRequests()
  if (!requests.length) return null
  return (
    <Section
      title={
        <span id="requests" className="scroll-mt-16">
          {t.title}
        </span>
      }
    >
      <ul className="flex flex-col gap-3">
        {requests.map((request) => (
          <li key={request.id}>
            <One path={`/api/${resource}/${id}/requests/${request.id}`} request={request} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function One({ path, request }: { path: string; request: Request }) {
  const t = useRequests()
  const [text, setText] = useState('')
  const answer = useWrite({
    run: (body: string, { headers }) => send('POST', `${path}/answer`, { text: body }, headers),
    touches: requestTouches,
    onDone: () => toast(t.answered),
  })
  const takeBack = useWrite({
    run: (_: undefined, { headers }) => send('POST', `${path}/take_back`, undefined, headers),
    touches: requestTouches,
    onDone: () => toast(t.tookBack),
    onError: (error) => toast(explain(error), { bad: true }),
  })
  const open = request.state === 'open'
  const handed = request.kind === 'hand_over'
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{t.sentence[request.kind](request.by, request.to)}</span>
        <Tag tone={open ? 'amber' : 'neutral'} icon={open ? CircleDot : undefined}>
          {open && handed ? t.handedOver : t.states[request.state]}
        </Tag>
        {request.kind !== 'question' && <Tag>{t.inside}</Tag>}
        <span className="ml-auto text-ink-3 text-small">
          {open ? <Due at={request.due_at} /> : <Time value={request.at} as="monthDay" />}
        </span>
      </div>
      <p className="mt-2 whitespace-pre-line text-ink-2">{request.text}</p>
      {request.answer && (
        <div className="mt-3 flex gap-2 border-line border-t pt-3">
          <CornerDownRight size={16} className="mt-0.5 shrink-0 text-ink-3" aria-hidden />
          <p className="min-w-0 whitespace-pre-line">
            <span className="text-ink-3">{request.answered_by}: </span>
            {request.answer}
          </p>
        </div>
      )}
      {request.actions.includes('answer') && (
        <div className="mt-3 flex flex-col items-start gap-2">
          <TextArea
            label={t.answerLabel}
            rows={3}
            value={text}
            onChange={setText}
            maxLength={2000}
            error={answer.error ? explain(answer.error) : undefined}
          />
          <Button variant="primary" isDisabled={!text.trim()} isPending={answer.isPending} onPress={() => answer.mutate(text.trim())}>
            {t.send}
          </Button>
        </div>
      )}
      {request.actions.includes('take_back') && (
        <Button size="small" className="mt-3" isPending={takeBack.isPending} onPress={() => takeBack.mutate(undefined)}>
          {handed ? t.handBack : t.takeBack}
        </Button>
      )}
    </Card>
  )
}
