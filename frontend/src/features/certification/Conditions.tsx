import { lazy, Suspense, useState } from 'react'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Section } from '../../shared/ui/Layout'
import { Tag } from '../../shared/ui/Tag'
import { Due, Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'
import type { Certification, Condition } from './queries'

const FulfilForm = lazy(() => import('./FulfilForm'))
const tones = { open: 'amber', submitted: 'accent', met: 'jade' } as const

/** What must still be done after a conditional pass, by when, and how far it is. */
export function Conditions({ one }: { one: Certification }) {
  const t = useParts()
  if (!one.conditions.length) return null
  return (
    <Section title={t.condition.title}>
      <ul className="flex flex-col gap-3">
        {one.conditions.map((condition) => (
          <li key={condition.id}>
            <ConditionCard condition={condition} certification={one.id} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function ConditionCard({ condition, certification }: { condition: Condition; certification: string }) {
  const { condition: t } = useParts()
  const [answering, setAnswering] = useState(false)
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Tag tone={condition.overdue ? 'cinnabar' : tones[condition.state]}>{t.states[condition.state]}</Tag>
        <span className="text-ink-3 text-small">
          {condition.by} · {condition.state === 'met' ? <Time value={condition.due_at} as="date" /> : <Due at={condition.due_at} />}
        </span>
      </div>
      <p className="mt-2 whitespace-pre-line">{condition.text}</p>
      {condition.answer && <p className="mt-2 border-accent-line border-l-2 pl-3 whitespace-pre-line">{condition.answer}</p>}
      {condition.note && <p className="mt-2 text-amber">{t.returned(condition.note)}</p>}
      {condition.evidence.map((file) => (
        <FileLine key={file.id} file={file} className="mt-2" />
      ))}
      {condition.actions.includes('fulfil') && !answering && (
        <Button className="mt-3" onPress={() => setAnswering(true)}>
          {t.fulfil}
        </Button>
      )}
      <Suspense>
        {answering && <FulfilForm certification={certification} condition={condition.id} onClose={() => setAnswering(false)} />}
      </Suspense>
      {condition.actions.includes('accept') && (
        <div className="mt-3 flex gap-2">
          <Actions
            resource={`certifications/${certification}/conditions`}
            id={condition.id}
            allowed={condition.actions}
            size="small"
            touches={['certification']}
            acts={[
              { id: 'accept', label: t.accept, done: t.accepted },
              { id: 'return', label: t.return, done: t.returnedDone, ask: { title: t.returnWhy, reason: 'required' } },
            ]}
          />
        </div>
      )}
    </Card>
  )
}
