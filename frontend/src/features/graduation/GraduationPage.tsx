import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { CircleCheck, Clock, RotateCcw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Actions } from '../../shared/ui/Actions'
import { Columns, DecisionBar, PageHeader, Section } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { Banner, RecordPage } from '../../shared/ui/Record'
import { RisingBars } from '../../shared/ui/RisingBars'
import { Standing } from '../../shared/ui/Standing'
import { Tag } from '../../shared/ui/Tag'
import { Time } from '../../shared/ui/Text'
import { type Asking, useSteps } from './acts'
import { Dossier } from './Dossier'
import { type Graduation, graduationQuery, touches } from './queries'
import { useGraduation } from './words'

const Pilots = lazy(() => import('./Pilots'))
const Aside = lazy(() => import('./Aside'))
const Comments = lazy(() => import('./Comments'))
const Answers = lazy(() => import('./Answers'))
const StepDialog = lazy(() => import('./StepDialog'))

export function GraduationPage() {
  return (
    <RecordPage>
      <Detail />
    </RecordPage>
  )
}

const reach: Record<string, 'pilot' | 'city' | 'province'> = {
  piloting: 'pilot',
  evaluating: 'pilot',
  graduated: 'province',
  kept: 'province',
  consulting: 'province',
}

function Detail() {
  const t = useGraduation()
  const { id } = useParams({ strict: false }) as { id: string }
  const graduation = useSuspenseQuery(graduationQuery(id)).data
  const [asking, setAsking] = useState<Asking>()
  const { acts, primary } = useSteps(graduation, setAsking)
  const steps = graduation.actions.filter((action) => acts.some((one) => one.id === action))
  return (
    <>
      <PageHeader
        title={
          <>
            {graduation.solution_name} <span className="font-normal text-ink-3">{graduation.semver}</span>
          </>
        }
        documentTitle={`${t.title} ${graduation.solution_name}`}
        crumbs={[{ label: t.title, to: '/graduations' }]}
        sub={t.by(graduation.city_name, graduation.nominated_by_name)}
        tags={
          <>
            <span className="text-ink-2">{graduation.partner_name}</span>
            <Standing of="graduation" value={graduation.state} />
            {graduation.kind === 'way_back' && <Tag>{t.kinds.way_back}</Tag>}
            <RisingBars reach={reach[graduation.state] ?? 'city'} />
          </>
        }
      />
      <Turn graduation={graduation} />
      <Columns
        aside={
          <Part>
            <Aside graduation={graduation} />
          </Part>
        }
      >
        <Section title={graduation.kind === 'way_back' ? t.whyBack : t.pitch}>
          <p className="whitespace-pre-line text-ink-2">{graduation.pitch}</p>
        </Section>
        <Dossier graduation={graduation} />
        <Part>
          <Pilots graduation={graduation} />
          <Answers graduation={graduation} />
          <Comments graduation={graduation} />
        </Part>
      </Columns>
      {steps.length > 0 && (
        <DecisionBar>
          <Actions resource="graduations" id={id} allowed={steps} acts={acts} primary={primary} touches={touches} />
        </DecisionBar>
      )}
      <Suspense>{asking && <StepDialog id={id} asking={asking} onClose={() => setAsking(undefined)} />}</Suspense>
    </>
  )
}

/** How it stands; what to improve when it came back. */
function Turn({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  const [title, why] = t.next[graduation.state] ?? ['', '']
  if (graduation.state === 'returned')
    return (
      <Banner tone="amber" icon={<RotateCcw size={18} aria-hidden />} title={t.improveTitle}>
        <p>{graduation.reason}</p>
        <ul className="mt-1 list-disc pl-5">
          {graduation.improvements.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        {graduation.again_after && (
          <p className="mt-1">
            {t.again} <Time value={graduation.again_after} as="date" />
          </p>
        )}
      </Banner>
    )
  const good = graduation.state === 'graduated' || graduation.state === 'kept'
  const Icon = good ? CircleCheck : Clock
  return (
    <Banner tone={good ? 'jade' : graduation.decided_at ? 'neutral' : 'accent'} icon={<Icon size={18} aria-hidden />} title={title}>
      {graduation.reason || why}
    </Banner>
  )
}
