import { Link } from '@tanstack/react-router'
import { CircleDot, CirclePause, CircleX, Clock } from 'lucide-react'
import { useMe } from '../../shared/api/session'
import { useLocale } from '../../shared/i18n'
import { useDomain } from '../../shared/i18n/domain'
import { Section } from '../../shared/ui/Layout'
import { type Step, Stepper } from '../../shared/ui/Progress'
import { Banner } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import type { Certification } from './queries'
import { useCertification } from './words'

const stepState = { waiting: 'todo', open: 'current', passed: 'done', failed: 'failed' } as const
/** The acts that show that a step is the reader's. */
const myTurn: Record<string, string[]> = { claim: ['claim'], test: ['record'], decide: ['approve', 'reject'], restart: ['restart'] }
const round = (days: number) => Math.round(days * 10) / 10

/** How far it is, and who acts next; a phone reads the second first. */
export function Progress({ one }: { one: Certification }) {
  const t = useCertification()
  const d = useDomain()
  const lang = useLocale()
  const ended = one.state === 'rejected' || one.state === 'withdrawn'
  const steps: Step[] = one.stages.map((stage) => ({
    id: stage.kind,
    label: d.certificationStage[stage.kind],
    state: ended && stage.state === 'open' ? 'todo' : stepState[stage.state],
    note: (
      <>
        {ended && stage.state === 'open' ? t.stageEnded : t.stageState[stage.state]}
        {stage.finished_at ? (
          <>
            {' · '}
            <Time value={stage.finished_at} as="monthDay" />
          </>
        ) : (
          stage.state === 'open' && !ended && ` · ${t.days(round(stage.spent_days), stage.budget_days)}`
        )}
      </>
    ),
  }))
  const failing = one.stages.flatMap((stage) => stage.checks).filter((check) => check.result === 'fail')
  const side = useMe().membership.tenant_kind
  const answering = one.clock.holder === 'partner' && side === 'partner'
  const mine = answering || (myTurn[one.next] ?? []).some((act) => one.actions.includes(act as (typeof one.actions)[number]))
  const late = one.clock.overdue && one.clock.holder === 'operator'
  const [next, why] = (mine && t.nextMine[one.next]) || (t.next[one.next] ?? ['', ''])
  const certificate = one.certificate && t.certificateNow[one.certificate.state]
  const open = one.conditions.filter((condition) => condition.state !== 'met').length
  return (
    <Section title={t.progress}>
      <div className="flex flex-col gap-5">
        <Stepper steps={steps} label={t.progress} />
        <div className="phone:order-first">
          {one.recused && (
            <Banner tone="amber" icon={<CirclePause size={18} aria-hidden />} title={t.recused}>
              {one.recused}
            </Banner>
          )}
          {failing.length > 0 && (
            <Banner
              tone="cinnabar"
              icon={<CircleX size={18} aria-hidden />}
              title={t.failing(
                failing.length,
                failing
                  .slice(0, 3)
                  .map((check) => (check.measured ? t.measuredAgainst(check[lang], check.measured, check.threshold ?? '-') : check[lang]))
                  .join('、'),
              )}
              action={
                <a href="#checks" className="text-cinnabar underline underline-offset-4">
                  {t.seeFailing}
                </a>
              }
            />
          )}
          {one.next !== 'none' && next && (
            <Banner
              tone={late ? 'cinnabar' : mine || one.clock.holder === 'partner' || one.clock.holder === 'stopped' ? 'amber' : 'accent'}
              icon={mine ? <CircleDot size={18} aria-hidden /> : <Clock size={18} aria-hidden />}
              title={next}
              action={
                answering && (
                  <Link
                    {...(one.next === 'answer'
                      ? { to: '.', hash: one.state === 'in_review' ? 'requests' : 'findings' }
                      : { to: `/versions/${one.version_id}` as string })}
                    className="text-amber underline underline-offset-4"
                  >
                    {one.next === 'answer' ? t.seeFindings : t.openVersion}
                  </Link>
                )
              }
            >
              {[late && t.late(round(one.clock.operator_days - one.clock.budget_days)), why].filter(Boolean).join(' ')}
            </Banner>
          )}
          {ended && (
            <Banner
              tone={one.state === 'rejected' ? 'cinnabar' : 'neutral'}
              icon={<CircleX size={18} aria-hidden />}
              title={one.state === 'rejected' ? t.wasRejected : t.wasWithdrawn}
            >
              {one.clock.note}
            </Banner>
          )}
          {certificate && (
            <Banner
              tone={one.certificate?.state === 'revoked' ? 'cinnabar' : 'amber'}
              icon={<CirclePause size={18} aria-hidden />}
              title={certificate[0]}
            >
              {certificate[1]}
            </Banner>
          )}
          {one.certificate?.state === 'valid' && open > 0 && (
            <Banner tone="amber" icon={<Clock size={18} aria-hidden />} title={t.conditionsOpen(open)}>
              {t.conditionsOpenWhy}
            </Banner>
          )}
        </div>
      </div>
    </Section>
  )
}
