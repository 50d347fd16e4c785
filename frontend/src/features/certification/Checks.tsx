import { Check, CircleDashed, Minus, Pencil, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useLocale } from '../../shared/i18n'
import { useDomain } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { Button } from '../../shared/ui/Button'
import { FileLine } from '../../shared/ui/FileLine'
import { Section } from '../../shared/ui/Layout'
import { Time } from '../../shared/ui/Text'
import { useParts } from './partsWords'
import type { Certification, Stage, StageCheck } from './queries'

const Exempt = lazy(() => import('./Exempt'))
const RecordForm = lazy(() => import('./RecordForm'))

const looks = {
  open: [CircleDashed, 'text-ink-3'],
  transient: [CircleDashed, 'text-amber'],
  pass: [Check, 'text-jade'],
  fail: [X, 'text-cinnabar'],
  not_applicable: [Minus, 'text-ink-3'],
} as const

export function Result({ result }: { result: keyof typeof looks }) {
  const t = useParts()
  const [Icon, tone] = looks[result]
  return (
    <span className={cx('inline-flex items-center gap-1 whitespace-nowrap text-small', tone)}>
      <Icon size={15} aria-hidden />
      {t.result[result]}
    </span>
  )
}

/** Every stage with its checks: measured against threshold; the test engineer records in place. */
export function Checks({ one }: { one: Certification }) {
  const t = useParts()
  const stages = one.stages.filter((stage) => stage.checks.length > 0)
  return (
    <Section title={t.checks}>
      <div id="checks" className="flex scroll-mt-16 flex-col gap-5">
        {stages.map((stage) => (
          <StageChecks key={stage.kind} stage={stage} one={one} />
        ))}
      </div>
    </Section>
  )
}

function StageChecks({ stage, one }: { stage: Stage; one: Certification }) {
  const t = useParts()
  const d = useDomain()
  const lang = useLocale()
  const [editing, setEditing] = useState<string>()
  // The price is the product manager's question; the machine compares it at the hand-over.
  const recording = one.actions.includes('record') && stage.kind !== 'price_review'
  const passed = stage.checks.filter((check) => check.result === 'pass' || check.result === 'not_applicable').length
  return (
    <div className="overflow-hidden rounded-card border border-line">
      <h3 className="flex items-center justify-between gap-3 bg-sunken px-4 py-2 font-medium">
        {d.certificationStage[stage.kind]}
        <span className="num font-normal text-ink-3 text-small">
          {passed} / {stage.checks.length}
        </span>
      </h3>
      <ul className="divide-y divide-line border-line border-t">
        {stage.checks.map((check) => (
          <li key={check.id} className="px-4 py-2.5">
            <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 md:grid-cols-[minmax(0,1fr)_120px_110px_90px_72px]">
              <span className="min-w-0">
                {check[lang]}
                {check.machine && <span className="ml-2 text-ink-3 text-meta">{t.check.machine}</span>}
                {!check.mandatory && <span className="ml-2 text-ink-3 text-meta">{t.optionalCheck}</span>}
                {check.overridden && <span className="ml-2 text-amber text-meta">{t.overridden}</span>}
              </span>
              <span
                className={cx(
                  !check.measured && 'phone:hidden',
                  'num order-3 text-small md:order-none md:text-right',
                  check.result === 'fail' ? 'font-medium text-cinnabar' : 'text-ink',
                )}
              >
                <span className="mr-1 text-ink-3 md:sr-only">{t.check.measured}</span>
                {check.measured || '-'}
              </span>
              <span className={cx('num order-4 text-right text-ink-3 text-small md:order-none', !check.threshold && 'phone:hidden')}>
                <span className="mr-1 md:sr-only">{t.check.threshold}</span>
                {check.threshold || '-'}
              </span>
              <span className="phone:justify-self-end">
                <Result result={check.result} />
              </span>
              {recording && !check.machine && (
                <Button
                  size="small"
                  variant={check.result === 'open' ? 'secondary' : 'quiet'}
                  icon={check.result !== 'open' && <Pencil size={14} aria-hidden />}
                  aria-expanded={editing === check.id}
                  onPress={() => setEditing(editing === check.id ? undefined : check.id)}
                  className="order-5 md:order-none phone:col-span-2 phone:justify-self-start"
                >
                  {check.result === 'open' ? t.check.record : t.check.change}
                  <span className="sr-only"> {check[lang]}</span>
                </Button>
              )}
            </div>
            {(check.note || (check.by && !check.machine)) && (
              <p className="mt-1 text-ink-3 text-small">
                {check.note} {check.by && !check.machine && t.check.by(check.by)}
              </p>
            )}
            {check.said && <p className={cx('mt-1 text-small', check.result === 'pass' ? 'text-ink-3' : 'text-amber')}>{check.said}</p>}
            {check.runs.length > (check.measured || check.result !== 'open' ? 1 : 0) && <Runs check={check} />}
            {check.evidence.map((file) => (
              <FileLine key={file.id} file={file} className="mt-2" />
            ))}
            <Suspense>{(check.exemption || check.actions.length > 0) && <Exempt certification={one.id} check={check} />}</Suspense>
            <Suspense>
              {editing === check.id && <RecordForm certification={one.id} check={check} onClose={() => setEditing(undefined)} />}
            </Suspense>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Every time it was tested, the last first. */
function Runs({ check }: { check: StageCheck }) {
  const t = useParts()
  return (
    <details className="mt-1 text-small">
      <summary className="cursor-pointer text-ink-3">{t.runs(check.runs.length)}</summary>
      <ol className="mt-1 flex flex-col gap-1">
        {[...check.runs].reverse().map((run) => (
          <li key={run.at} className="flex flex-wrap gap-x-3 text-ink-2">
            <Time value={run.at} />
            <Result result={run.outcome} />
            <span className="num">{run.measured}</span>
            <span>{run.environment}</span>
            <span className="text-ink-3">
              {run.note} {run.by}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}
