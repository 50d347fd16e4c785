import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { Button } from '../../shared/ui/Button'
import { TextArea } from '../../shared/ui/Field'
import { Card, Section } from '../../shared/ui/Layout'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { answerQuestion, type Partner } from './queries'
import { usePartner } from './words'

/** What the reviewer asked, what the firm answered, a contest and its outcome, and whose time it took. */
export default function Review({ partner }: { partner: Partner }) {
  const t = usePartner().review
  const open = partner.questions.filter((one) => !one.answered_at).length
  const { clock, contest } = partner
  return (
    <Section title={t.title} sub={open ? t.open(open) : undefined}>
      <Card>
        <p className="text-ink-3 text-small">
          {t.holder[clock.holder]} · <span className="num">{t.hours(clock.operator_hours, clock.partner_hours)}</span>
        </p>
        <ul className="divide-y divide-line">
          {partner.questions.map((one) => (
            <li key={one.id} className="py-3">
              <p className="whitespace-pre-line break-words font-medium">{one.text}</p>
              <p className="text-ink-3 text-meta">
                {one.asked_by} · <Time value={one.asked_at} />
              </p>
              {one.answered_at ? (
                <div className="mt-2 rounded-card bg-sunken px-3 py-2">
                  <p className="whitespace-pre-line break-words">{one.answer}</p>
                  <p className="text-ink-3 text-meta">
                    {one.answered_by} · <Time value={one.answered_at} />
                  </p>
                </div>
              ) : partner.actions.includes('answer') ? (
                <Answer partner={partner.id} question={one.id} />
              ) : (
                <p className="mt-1 text-amber text-small">{t.unanswered}</p>
              )}
            </li>
          ))}
          {contest && (
            <li className="py-3">
              <p className="font-medium">{t.contest}</p>
              <p className="whitespace-pre-line break-words">{contest.text}</p>
              <p className="text-ink-3 text-meta">
                {contest.contested_by} · <Time value={contest.contested_at} />
              </p>
              {contest.outcome ? (
                <div className="mt-2 rounded-card bg-sunken px-3 py-2">
                  <p className={contest.outcome === 'overturned' ? 'text-jade' : 'text-cinnabar'}>{t.outcome[contest.outcome]}</p>
                  <p className="whitespace-pre-line break-words">{contest.answer}</p>
                  <p className="text-ink-3 text-meta">
                    {contest.reviewer} · <Time value={contest.closed_at} />
                  </p>
                </div>
              ) : (
                <p className="mt-1 text-amber text-small">{t.contestOpen}</p>
              )}
            </li>
          )}
        </ul>
      </Card>
    </Section>
  )
}

function Answer({ partner, question }: { partner: string; question: string }) {
  const t = usePartner().review
  const [text, setText] = useState('')
  const write = useWrite({
    run: (body: string, { headers }) => answerQuestion(partner, question, body, headers),
    touches: ['partner', 'home'],
    onDone: () => toast(t.answered),
  })
  return (
    <div className="mt-2 flex flex-col items-start gap-2">
      <TextArea
        className="w-full"
        label={t.answer}
        description={t.answerHelp}
        rows={2}
        value={text}
        onChange={setText}
        maxLength={4000}
        error={write.error ? explain(write.error) : undefined}
      />
      <Button isDisabled={!text.trim()} isPending={write.isPending} onPress={() => write.mutate(text.trim())}>
        {t.send}
      </Button>
    </div>
  )
}
