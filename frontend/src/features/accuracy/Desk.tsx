import { useSuspenseQuery } from '@tanstack/react-query'
import { PhoneCall } from 'lucide-react'
import { useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { explain } from '../../shared/api/problem'
import { useReference } from '../../shared/api/reference'
import { Button, buttonClass } from '../../shared/ui/Button'
import { TextField } from '../../shared/ui/Field'
import { Card, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { toast } from '../../shared/ui/Toast'
import { accountQuery, check, type Detail, type Finding, missed } from './queries'
import { useAccuracy } from './words'

type Sampled = Detail['records'][number]
const asked = ['name', 'address', 'contact_name', 'contact_phone', 'industry', 'staff_size'] as const

/** The care agent's desk: one customer at a time, the number to call, what was said. */
export default function Desk({ audit }: { audit: Detail }) {
  const t = useAccuracy()
  const [skipped, setSkipped] = useState<string[]>([])
  // those called least come first; what was put off comes last
  const queue = audit.records
    .filter((one) => one.state === 'waiting')
    .sort((a, b) => skipped.indexOf(a.id) - skipped.indexOf(b.id) || a.tries - b.tries || a.position - b.position)
  const record = queue[0]
  if (!record) return null
  return (
    <Section title={t.desk} sub={t.next(record.position, queue.length)}>
      <Part key={record.id}>
        <Talk record={record} onSkip={() => setSkipped([...skipped.filter((id) => id !== record.id), record.id])} />
      </Part>
    </Section>
  )
}

function Talk({ record, onSkip }: { record: Sampled; onSkip: () => void }) {
  const t = useAccuracy()
  const { reference, name } = useReference()
  const account = useSuspenseQuery(accountQuery(record.account_id)).data
  const [said, setSaid] = useState<Record<string, { right?: boolean; correction: string }>>({})
  const answers = asked.filter((field) => said[field]?.right !== undefined)
  const problem = { onError: (error: unknown) => toast(explain(error), { bad: true }) }
  const save = useWrite({
    run: (findings: Finding[], { headers }) => check(record.id, findings, headers),
    touches: ['accuracy', 'account'],
    onDone: () => toast(t.saved),
    ...problem,
  })
  const miss = useWrite({
    run: (_: undefined, { headers }) => missed(record.id, headers),
    touches: ['accuracy'],
    onDone: () => {
      toast(t.missed)
      onSkip()
    },
    ...problem,
  })
  const value = (field: (typeof asked)[number]) =>
    field === 'industry' ? name(reference.industries, account.industry) : String(account[field] || '-')
  const put = (field: string, patch: { right?: boolean; correction?: string }) =>
    setSaid((old) => ({ ...old, [field]: { correction: '', ...old[field], ...patch } }))
  const codeOf = (text: string) => reference.industries.find((one) => one.zh === text || one.en === text)?.code ?? text
  const send = () =>
    save.mutate(
      asked.map((field) => {
        const one = said[field]
        const correction = one?.right ? '' : (one?.correction.trim() ?? '')
        return { field, right: !!one?.right, correction: (field === 'industry' ? codeOf(correction) : correction) || undefined }
      }),
    )
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div>
          <p className="font-semibold text-section">{account.name}</p>
          <p className="text-ink-3 text-small">
            {account.contact_name} {record.tries > 0 && `· ${t.tries(record.tries)}`}
          </p>
        </div>
        {account.contact_phone && (
          <a href={`tel:${account.contact_phone}`} className={buttonClass('primary', 'large')}>
            <PhoneCall size={18} aria-hidden />
            <span className="num">{account.contact_phone}</span>
          </a>
        )}
      </div>
      <ul className="divide-y divide-line border-line border-y">
        {asked.map((field) => (
          <li key={field} className="grid items-center gap-x-4 gap-y-2 py-3 md:grid-cols-[6em_1fr_auto]">
            <span className="text-ink-3">{t.fields[field]}</span>
            <span className="min-w-0 break-words">{value(field)}</span>
            <SegmentedControl
              label={t.fields[field] ?? field}
              value={said[field]?.right === undefined ? ('' as 'right') : said[field]?.right ? 'right' : 'wrong'}
              onChange={(next) => put(field, { right: next === 'right' })}
              items={[
                { id: 'right', label: t.isRight },
                { id: 'wrong', label: t.isWrong },
              ]}
            />
            {said[field]?.right === false && (
              <TextField
                className="md:col-span-2 md:col-start-2"
                label={t.correction}
                isRequired={false}
                value={said[field]?.correction ?? ''}
                onChange={(correction) => put(field, { correction })}
                maxLength={200}
              />
            )}
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button variant="primary" isPending={save.isPending} isDisabled={answers.length < asked.length} onPress={send}>
          {t.save}
        </Button>
        <Button isPending={miss.isPending} onPress={() => miss.mutate(undefined)}>
          {t.unreachable(record.tries + 1)}
        </Button>
        <Button variant="quiet" onPress={onSkip}>
          {t.skip}
        </Button>
        {answers.length < asked.length && <span className="text-ink-3 text-small">{t.answerAll}</span>}
      </div>
    </Card>
  )
}
