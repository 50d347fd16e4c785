import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { FileLine } from '../../shared/ui/FileLine'
import { Card, Columns, DecisionBar, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { TwoSidedClock } from '../../shared/ui/TwoSidedClock'
import { useCertificationActs } from './acts'
import { Progress } from './Progress'
import { type Certification, certificationQuery } from './queries'
import { useCertification } from './words'

const CertificateCard = lazy(() => import('./CertificateCard').then((module) => ({ default: module.CertificateCard })))
const Checks = lazy(() => import('./Checks').then((module) => ({ default: module.Checks })))
const Conditions = lazy(() => import('./Conditions').then((module) => ({ default: module.Conditions })))
const AssignDialog = lazy(() => import('./AssignDialog'))
const Decide = lazy(() => import('./Decide'))
const Rounds = lazy(() => import('./Rounds').then((module) => ({ default: module.Rounds })))
const Turns = lazy(() => import('./Turns').then((module) => ({ default: module.Turns })))
const Budgets = lazy(() => import('./Turns').then((module) => ({ default: module.Budgets })))
const AskMenu = lazy(() => import('../../shared/ui/AskMenu'))
const Requests = lazy(() => import('../../shared/ui/Requests').then((module) => ({ default: module.Requests })))
const Findings = lazy(() => import('./Findings').then((module) => ({ default: module.Findings })))

export function CertificationPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useCertification()
  const { id } = useParams({ strict: false }) as { id: string }
  const one = useSuspenseQuery(certificationQuery(id)).data
  const { reference, name } = useReference()
  const [deciding, setDeciding] = useState<'conditions' | 'revoke' | 'assign'>()
  const { acts, primary } = useCertificationActs(one, setDeciding)
  const decisions = one.actions.filter((action) => acts.some((act) => act.id === action))
  return (
    <>
      <PageHeader
        title={
          <>
            {one.solution_name} <span className="font-normal text-ink-3">{one.semver}</span>
          </>
        }
        documentTitle={`${t.title} ${one.solution_name} ${one.semver}`}
        crumbs={[{ label: t.title, to: '/certifications' }]}
        tags={
          <>
            <span className="text-ink-2">{one.partner_name}</span>
            <State of="certification" value={one.state} />
            <Tag tone="accent">{one.first ? t.first : t.update}</Tag>
            <Tag>{name(reference.industries, one.industry)}</Tag>
          </>
        }
        actions={
          <span className="flex gap-4">
            {!one.first && (
              <Link to={`/versions/${one.version_id}/difference` as string} className="text-accent-text hover:underline">
                {t.difference}
              </Link>
            )}
            <Link to={`/versions/${one.version_id}` as string} className="text-accent-text hover:underline">
              {t.openVersion}
            </Link>
          </span>
        }
      />
      <Progress one={one} />
      <Columns aside={<Aside one={one} />}>
        {one.conditions.length > 0 && (
          <Part>
            <Conditions one={one} />
          </Part>
        )}
        {one.rounds.length > 1 && (
          <Part>
            <Rounds one={one} />
          </Part>
        )}
        {one.requests.length > 0 && (
          <Part>
            <Requests resource="certifications" id={id} requests={one.requests} />
          </Part>
        )}
        <Part>
          <Checks one={one} />
        </Part>
        <Part>
          <Findings one={one} />
        </Part>
        {one.turns.length > 0 && (
          <Part>
            <Turns one={one} />
          </Part>
        )}
        {one.changes.length > 0 && (
          <Section title={t.changes}>
            <ul className="list-inside list-disc text-ink-2">
              {one.changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          </Section>
        )}
        {one.files.length > 0 && <Files one={one} />}
      </Columns>
      {decisions.length > 0 && (
        <DecisionBar>
          <Actions
            resource="certifications"
            id={id}
            allowed={decisions}
            acts={acts}
            primary={primary}
            touches={['certification', 'review', 'version', 'home']}
          />
          <Suspense>{one.actions.includes('ask') && <AskMenu resource="certifications" id={id} partner={one.partner_name} />}</Suspense>
        </DecisionBar>
      )}
      <Suspense>{deciding === 'assign' && <AssignDialog ids={[id]} onClose={() => setDeciding(undefined)} />}</Suspense>
      <Suspense>
        {deciding && deciding !== 'assign' && <Decide one={one} what={deciding} onClose={() => setDeciding(undefined)} />}
      </Suspense>
    </>
  )
}

function Aside({ one }: { one: Certification }) {
  const t = useCertification()
  const d = useDomain()
  return (
    <>
      {one.certificate && (
        <Part>
          <CertificateCard certificate={one.certificate} />
        </Part>
      )}
      <Section title={t.clock}>
        <Card>
          <TwoSidedClock clock={one.clock} />
          {one.queue && <p className="mt-3 border-line border-t pt-3 font-medium">{t.queue(one.queue.place, one.queue.ahead)}</p>}
          <Budgets one={one} />
          {one.clock.promised_at && one.clock.holder !== 'none' && (
            <p className="mt-3 flex justify-between border-line border-t pt-3">
              <span className="text-ink-3">{t.promised}</span>
              <Time value={one.clock.promised_at} as="date" />
            </p>
          )}
        </Card>
      </Section>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.columns.number, value: one.number },
              { label: t.planVersion, value: t.planNumber(one.plan_number) },
              { label: t.track, value: d.track[one.track] },
              { label: t.author, value: one.author_name },
              { label: t.tester, value: one.tester_name || t.nobody },
              !!one.approver_name && { label: t.approver, value: one.approver_name },
              { label: t.submittedAt, value: <Time value={one.submitted_at} as="date" /> },
              !!one.decided_at && { label: t.decidedAt, value: <Time value={one.decided_at} as="date" /> },
            ]}
          />
          {one.track_reason && <p className="mt-3 border-line border-t pt-3 text-ink-3 text-small">{one.track_reason}</p>}
        </Card>
      </Section>
      <Section title={t.history}>
        <EventTimeline events={one.events} of="certification" />
      </Section>
    </>
  )
}

function Files({ one }: { one: Certification }) {
  const t = useCertification()
  const d = useDomain()
  return (
    <Section title={t.files}>
      <ul className="divide-y divide-line rounded-card border border-line px-4">
        {one.files.map(({ file, kind }) => (
          <li key={file.id} className="py-3">
            <FileLine file={file} note={d.fileKind[kind]} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
