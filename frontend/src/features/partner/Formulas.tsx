import { useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useCan } from '../../shared/api/session'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { Button } from '../../shared/ui/Button'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner } from '../../shared/ui/Record'
import { comparisonQuery, type Formula, formulasQuery } from './queries'
import { say, useTiers } from './tiers'

const Objections = lazy(() => import('./Objections'))
const FormulaDialog = lazy(() => import('./FormulaDialog'))
const tiers = ['certified', 'preferred', 'strategic'] as const
const bands = ['small', 'medium', 'large'] as const
const unitOf = (metric: string) =>
  metric === 'revenue' ? 'fen' : ['certified', 'graduated', 'complaints'].includes(metric) ? 'count' : 'percent'

/** The formula in force, and the one on trial beside it. */
export function Formulas() {
  const words = useTiers()
  const t = words.formulas
  const can = useCan()
  const versions = useSuspenseQuery(formulasQuery).data.items
  const [drafting, setDrafting] = useState(false)
  const inForce = versions.find((one) => one.state === 'published')
  const trial = versions.find((one) => one.state === 'proposed')
  return (
    <Section
      title={t.title}
      sub={inForce ? t.inForce(inForce.number) : t.none}
      aside={
        can('tier:propose') &&
        !trial && (
          <Button size="small" icon={<Plus size={15} aria-hidden />} onPress={() => setDrafting(true)}>
            {t.draft}
          </Button>
        )
      }
    >
      {trial && (
        <Banner
          tone="amber"
          title={t.trial(trial.number)}
          action={
            <Actions
              resource="tier-formulas"
              id={trial.id}
              allowed={trial.actions}
              primary={['publish']}
              touches={['partner', 'home']}
              acts={[
                { id: 'publish', label: t.publish, done: t.published, ask: { title: t.askPublish, help: t.askPublishWhy } },
                { id: 'return', label: t.return, done: t.returned, ask: { title: t.askReturn, reason: 'required' } },
              ]}
            />
          }
        >
          <p>{t.trialWhy}</p>
          {trial.upheld > 0 ? (
            <p className="text-cinnabar">{words.objection.stopped}</p>
          ) : (
            new Date(trial.ripe_at) > new Date() && <p>{words.objection.ripe(formatTime(trial.ripe_at, 'date'))}</p>
          )}
          <p className="mt-1 text-ink-3">
            {[trial.made_by_name, formatTime(trial.made_at, 'date'), trial.note].filter(Boolean).join(' · ')}
          </p>
        </Banner>
      )}
      {trial && <Comparison id={trial.id} />}
      <Suspense>{trial && <Objections formula={trial} />}</Suspense>
      {(inForce || trial) && <Text of={(trial ?? inForce) as Formula} before={trial && inForce} />}
      <Suspense>{drafting && <FormulaDialog from={inForce} onClose={() => setDrafting(false)} />}</Suspense>
    </Section>
  )
}

function Comparison({ id }: { id: string }) {
  const t = useTiers().formulas
  const d = useDomain()
  const rows = useSuspenseQuery(comparisonQuery(id)).data.items
  if (!rows.length) return <p className="my-3 text-ink-3">{t.notYet}</p>
  return (
    <div className="my-3">
      <MiniTable
        label={t.compare}
        head={[t.partner, t.tier, t.now, t.tried]}
        rows={rows.map((one) => ({
          id: one.partner_id,
          cells: [
            one.partner_name,
            wordOf(d.tier, one.tier),
            one.now_result ? `${wordOf(d.tier, one.now_result)} · ${one.now_points}` : '-',
            <span key="then" className={one.then_result === one.now_result ? undefined : 'font-medium text-amber'}>
              {wordOf(d.tier, one.then_result)} · {one.then_points}
            </span>,
          ],
        }))}
      />
    </div>
  )
}

/** A formula line by line; what the one in force says otherwise is struck out. */
function Text({ of: formula, before }: { of: Formula; before?: Formula }) {
  const words = useTiers()
  const t = words.formulas
  const d = useDomain()
  const was = (now: string, then?: string) =>
    then === undefined || then === now ? (
      now
    ) : (
      <span>
        <span className="font-medium">{now}</span> <s className="text-ink-3">{then}</s>
      </span>
    )
  return (
    <MiniTable
      label={t.title}
      head={[
        words.card.metric,
        t.weight,
        ...bands.map((one) => wordOf(words.bands, one)),
        ...tiers.map((one) => t.floorOf(wordOf(d.tier, one))),
      ]}
      end={[1, 2, 3, 4, 5, 6, 7]}
      rows={Object.keys(words.metrics)
        .filter((metric) => formula.document.metrics[metric])
        .map((metric) => {
          const line = formula.document.metrics[metric]
          const old = before?.document.metrics[metric]
          const unit = unitOf(metric)
          return {
            id: metric,
            cells: [
              words.metrics[metric] ?? metric,
              was(String(line?.weight ?? 0), old && String(old.weight)),
              ...bands.map((one) => was(say(line?.full[one], unit), old && say(old.full[one], unit))),
              ...tiers.map((one) =>
                was(
                  say(formula.document.tiers[one]?.floors[metric], unit),
                  before && say(before.document.tiers[one]?.floors[metric], unit),
                ),
              ),
            ],
          }
        })}
      footer={[words.card.got, '100', '', '', '', ...tiers.map((one) => formula.document.tiers[one]?.points ?? '-')]}
    />
  )
}
