import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { optionsOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Button } from '../../shared/ui/Button'
import { RadioGroup } from '../../shared/ui/Choice'
import { TextArea } from '../../shared/ui/Field'
import { Section } from '../../shared/ui/Layout'
import { Tag, type Tone } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { toast } from '../../shared/ui/Toast'
import { type Graduation, step, touches } from './queries'
import { useGraduation } from './words'

const tones: Record<string, Tone> = { support: 'jade', concern: 'amber', oppose: 'cinnabar' }

export default function Comments({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  const until = graduation.comments_until
  if (!until) return null
  const open = Date.parse(until) > Date.now() && (graduation.state === 'evaluating' || graduation.state === 'consulting')
  return (
    <Section title={t.comments} sub={open ? t.commentsOpen(formatTime(until, 'dateTime')) : t.commentsClosed}>
      {graduation.comments.length > 0 ? (
        <ul className="divide-y divide-line rounded-card border border-line">
          {graduation.comments.map((one) => (
            <li key={one.id} className="flex flex-col gap-1.5 p-4">
              <p className="flex flex-wrap items-center gap-2 text-small">
                <span className="font-medium">{one.tenant_name}</span>
                <span className="text-ink-3">{one.author_name}</span>
                <Tag tone={tones[one.stance]}>{t.stances[one.stance]}</Tag>
                <Time value={one.at} className="ml-auto text-ink-3" />
              </p>
              <p className="whitespace-pre-line">{one.text}</p>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-3">{t.noComments}</p>
      )}
      {graduation.actions.includes('comment') && <Say id={graduation.id} />}
    </Section>
  )
}

function Say({ id }: { id: string }) {
  const t = useGraduation()
  const [stance, setStance] = useState<keyof typeof t.stances>('support')
  const [text, setText] = useState('')
  const write = useWrite({
    run: (body: { stance: string; text: string }, { headers }) => step(id, 'comments', body, headers),
    touches,
    onDone: () => {
      setText('')
      toast(t.commented)
    },
  })
  return (
    <form
      className="mt-4 flex flex-col gap-3 rounded-card border border-line p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) write.mutate({ stance, text: text.trim() })
      }}
    >
      <RadioGroup label={t.stance} options={optionsOf(t.stances)} value={stance} onChange={setStance} />
      <TextArea
        label={t.comment}
        rows={3}
        value={text}
        onChange={setText}
        maxLength={2000}
        error={write.error ? explain(write.error) : undefined}
      />
      <div>
        <Button type="submit" isPending={write.isPending} isDisabled={!text.trim()}>
          {t.commentGo}
        </Button>
      </div>
    </form>
  )
}
