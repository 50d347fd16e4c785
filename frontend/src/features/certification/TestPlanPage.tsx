import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { lazy } from 'react'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { useActor } from '../../shared/i18n/did'
import { useDomain } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { Tag } from '../../shared/ui/Tag'
import { PublishPlan } from './PublishPlan'
import { useTestPlans } from './planWords'
import { type PlanStage, type TestPlan, testPlanQuery } from './queries'

const TestPlanEditor = lazy(() => import('./TestPlanEditor'))

export function TestPlanPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

function Detail() {
  const t = useTestPlans()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id: string }
  const one = useSuspenseQuery(testPlanQuery(id)).data
  const { reference, name } = useReference()
  const category = name(reference.categories, one.category)
  return (
    <>
      <PageHeader
        title={
          <>
            {category} <span className="font-normal text-ink-3">{t.version(one.number)}</span>
          </>
        }
        documentTitle={`${t.title} ${category}`}
        crumbs={[{ label: t.title, to: '/certification-plans' }]}
        tags={<State of="plan" value={one.state} />}
        actions={
          <>
            <Actions
              resource="certification-plans"
              id={id}
              allowed={one.actions.filter((action) => action === 'new_version')}
              touches={['certification_plan']}
              acts={[{ id: 'new_version', label: t.newVersion, done: t.drafted }]}
              onDone={(made) => void navigate({ to: `/certification-plans/${(made as TestPlan).id}` as string })}
            />
            {one.actions.includes('publish') && <PublishPlan plan={one} />}
          </>
        }
      />
      <Columns aside={<Aside one={one} />}>
        {one.differences.length > 0 && <Differences one={one} />}
        <Part>
          {one.actions.includes('edit') ? (
            <TestPlanEditor key={one.version} plan={one} />
          ) : (
            one.stages.map((stage) => <StageTable key={stage.kind} stage={stage} />)
          )}
        </Part>
      </Columns>
    </>
  )
}

function Aside({ one }: { one: TestPlan }) {
  const t = useTestPlans()
  const named = useActor()
  return (
    <>
      <Section title={t.facts}>
        <Facts
          items={[
            { label: t.columns.maker, value: named(one.maker) },
            !!one.checker && { label: t.columns.checker, value: one.checker },
            { label: t.columns.budget, value: t.days(one.budget_days) },
            { label: t.cases, value: one.cases },
            !!one.note && { label: t.note, value: one.note },
          ]}
        />
        <p className="mt-3 text-ink-3 text-small">{one.state === 'draft' ? t.second : t.stays}</p>
      </Section>
      {one.events.length > 0 && (
        <Section title={t.history}>
          <EventTimeline events={one.events} of="plan" />
        </Section>
      )}
    </>
  )
}

function Differences({ one }: { one: TestPlan }) {
  const t = useTestPlans()
  const d = useDomain()
  const lang = useLocale()
  return (
    <Section title={t.differences(one.before ?? 0)}>
      <MiniTable
        label={t.differences(one.before ?? 0)}
        head={[t.what, t.stage, t.before, t.after]}
        rows={one.differences.map((x) => ({
          id: `${x.stage}${x.zh}${x.what}`,
          cells: [
            <Tag key="what" tone={x.what === 'added' ? 'jade' : x.what === 'removed' ? 'cinnabar' : 'amber'}>
              {t.whats[x.what]}
            </Tag>,
            <span key="stage">
              {d.certificationStage[x.stage as keyof typeof d.certificationStage]} {x[lang]}
            </span>,
            x.before || '-',
            x.after || '-',
          ],
        }))}
      />
    </Section>
  )
}

function StageTable({ stage }: { stage: PlanStage }) {
  const t = useTestPlans()
  const d = useDomain()
  const lang = useLocale()
  return (
    <Section
      title={d.certificationStage[stage.kind]}
      aside={
        <span className="text-ink-3 text-small">
          {[t.days(stage.budget_days), t.roles[stage.role || 'machine'], stage.managed && t.managed, stage.integrated && t.integrated]
            .filter(Boolean)
            .join(' · ')}
        </span>
      }
    >
      <MiniTable
        label={d.certificationStage[stage.kind]}
        head={[t.check, t.threshold, t.mandatory]}
        rows={stage.checks.map((check) => ({
          id: check.code,
          cells: [
            <span key="check" className="block md:w-72">
              {check[lang]}
            </span>,
            <span key="limit" className="num block md:w-32">
              {check.comparison ? `${t.signs[check.comparison]} ${check.limit} ${check.unit ?? ''}` : '-'}
            </span>,
            check.mandatory ? t.yes : t.no,
          ],
        }))}
      />
    </Section>
  )
}
