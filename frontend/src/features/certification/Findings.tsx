import { MessageSquareWarning, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useDomain } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { Card, Section } from '../../shared/ui/Layout'
import { State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'
import type { Certification, Finding } from './queries'

const AnswerForm = lazy(() => import('./AnswerForm'))
const FindingDialog = lazy(() => import('./FindingDialog'))
const tones = { blocker: 'cinnabar', major: 'amber', minor: 'neutral' } as const

/** What is wrong, answered point by point. */
export function Findings({ one }: { one: Certification }) {
  const t = useParts()
  const [adding, setAdding] = useState(false)
  const can = one.actions.includes('find')
  if (!one.findings.length && !can) return null
  return (
    <Section
      title={
        <span id="findings" className="scroll-mt-16">
          {t.findings}
        </span>
      }
      aside={
        can && (
          <Button size="small" icon={<Plus size={15} aria-hidden />} onPress={() => setAdding(true)}>
            {t.finding.add}
          </Button>
        )
      }
    >
      {one.findings.length === 0 ? (
        <p className="text-ink-3">{t.noFindings}</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {one.findings.map((finding) => (
            <li key={finding.id}>
              <FindingCard finding={finding} certification={one.id} />
            </li>
          ))}
        </ul>
      )}
      <Suspense>{adding && <FindingDialog one={one} onClose={() => setAdding(false)} />}</Suspense>
    </Section>
  )
}

function FindingCard({ finding, certification }: { finding: Finding; certification: string }) {
  const t = useParts()
  const d = useDomain()
  const f = t.finding
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2">
        <Tag tone={tones[finding.severity]} icon={MessageSquareWarning}>
          {f.severities[finding.severity]}
        </Tag>
        <span className="text-ink-3 text-small">
          {d.certificationStage[finding.stage as keyof typeof d.certificationStage]} · {finding.by} · <Time value={finding.at} as="date" />
        </span>
        <span className="ml-auto">
          <State of="finding" value={finding.state} />
        </span>
      </div>
      <p className="mt-2 whitespace-pre-line">{finding.text}</p>
      {finding.answer && (
        <div className="mt-3 border-accent-line border-l-2 pl-3">
          <p className="text-ink-3 text-meta">{f.theirAnswer}</p>
          <p className="whitespace-pre-line">{finding.answer}</p>
        </div>
      )}
      {finding.actions.includes('answer') && (
        <Suspense>
          <AnswerForm certification={certification} finding={finding.id} />
        </Suspense>
      )}
      {finding.actions.some((action) => action !== 'answer') && (
        <div className="mt-3 flex gap-2">
          <Actions
            resource={`certifications/${certification}/findings`}
            id={finding.id}
            allowed={finding.actions}
            size="small"
            touches={['certification']}
            acts={[
              { id: 'close', label: f.close, done: f.closed },
              { id: 'reopen', label: f.reopen, done: f.reopened },
            ]}
          />
        </div>
      )}
    </Card>
  )
}
