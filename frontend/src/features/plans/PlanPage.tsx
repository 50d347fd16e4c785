import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { CircleAlert, Download, RotateCcw } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { Columns, Facts, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, EventTimeline, RecordPage, State } from '../../shared/ui/Record'
import { type Plan, planQuery } from './queries'
import { usePlans } from './words'

const WhatIf = lazy(() => import('./WhatIf'))
const PlanEditor = lazy(() => import('./PlanEditor'))

export function PlanPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

/** Gives the exchange file to the browser. */
export function download(plan: Plan) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(plan.document, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${plan.plan}-v${plan.number}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

function Detail() {
  const t = usePlans()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id: string }
  const plan = useSuspenseQuery(planQuery(id)).data
  const editable = plan.actions.includes('edit')
  const can = useCan()
  return (
    <>
      <PageHeader
        title={
          <>
            {plan.plan} <span className="font-normal text-ink-3">{t.version(plan.number)}</span>
          </>
        }
        documentTitle={`${t.title} ${plan.plan}`}
        crumbs={[{ label: t.title, to: '/plans' }]}
        sub={`${plan.valid_from} – ${plan.valid_to || t.open}`}
        tags={<State of="plan" value={plan.state} />}
        actions={
          <>
            <Button icon={<Download size={16} aria-hidden />} onPress={() => download(plan)}>
              {t.export}
            </Button>
            <Actions
              resource="plans"
              id={id}
              allowed={plan.actions}
              primary={plan.conflicts.length ? ['reject'] : ['publish', 'submit']}
              touches={['plan', 'home']}
              acts={[
                {
                  id: 'new_version',
                  label: t.acts.new_version,
                  done: '',
                  run: () => void navigate({ to: '/plans/new' as string, search: { from: id } as never }),
                },
                { id: 'reject', label: t.acts.reject, done: t.done.reject, ask: { title: t.ask.reject, reason: 'required' } },
                { id: 'submit', label: t.acts.submit, done: t.done.submit, ask: { title: t.ask.submit, help: t.ask.submitWhy } },
                { id: 'publish', label: t.acts.publish, done: t.done.publish, ask: { title: t.ask.publish, help: t.ask.publishWhy } },
              ]}
            />
          </>
        }
      />
      {plan.reason && (
        <Banner tone="amber" icon={<RotateCcw size={18} aria-hidden />} title={t.returned}>
          {plan.reason}
        </Banner>
      )}
      <Conflicts plan={plan} />
      {can('plan:try') && (
        <Suspense>
          <WhatIf plan={id} />
        </Suspense>
      )}
      <Part>{editable ? <PlanEditor key={plan.version} plan={plan} /> : <Reading plan={plan} />}</Part>
    </>
  )
}

function Conflicts({ plan }: { plan: Plan }) {
  const t = usePlans()
  const name = (id: string) => plan.document.rules?.find((rule) => rule.id === id)?.note || id
  if (!plan.conflicts.length) return null
  return (
    <Banner tone="cinnabar" icon={<CircleAlert size={18} aria-hidden />} title={t.conflicts}>
      <ul className="mt-1 flex flex-col gap-1.5">
        {plan.conflicts.map((one) => (
          <li key={one.first + one.second}>
            {t.conflict(name(one.first), name(one.second))}
            <span className="block">
              {t.example}: {one.example}
            </span>
          </li>
        ))}
      </ul>
    </Banner>
  )
}

function Reading({ plan }: { plan: Plan }) {
  const t = usePlans()
  const d = useDomain()
  return (
    <Columns
      aside={
        <>
          <Section title={t.basics}>
            <Facts
              items={[
                { label: t.columns.maker, value: plan.maker },
                { label: t.columns.checker, value: plan.checker || '-' },
                { label: t.from, value: plan.valid_from },
                { label: t.to, value: plan.valid_to || t.open },
              ]}
            />
            {plan.state === 'submitted' && !plan.actions.includes('publish') && <p className="mt-3 text-ink-3 text-small">{t.maker}</p>}
          </Section>
          <Section title={d.history}>
            <EventTimeline events={plan.events} of="plan" />
          </Section>
        </>
      }
    >
      <Section title={t.rules}>
        <ol className="overflow-hidden rounded-card border border-line">
          {plan.document.rules?.map((rule, index) => (
            <li key={rule.id} className="border-line px-4 py-3 not-first:border-t">
              <p className="font-medium">{rule.note || rule.id}</p>
              <p className="text-ink-2">{plan.sentences[index]}</p>
            </li>
          ))}
        </ol>
      </Section>
    </Columns>
  )
}
