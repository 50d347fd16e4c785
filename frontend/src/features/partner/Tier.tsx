import { useSuspenseQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Button } from '../../shared/ui/Button'
import { Card, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { standingQuery, type TierCard } from './queries'
import { say, useTiers } from './tiers'

const Trial = lazy(() => import('./Trial'))
const MoveDialog = lazy(() => import('./MoveDialog'))

/** How the firm stands: its tier, what is missing for the next, and how much it may have open. */
export default function Tier({ id }: { id: string }) {
  const t = useTiers()
  const d = useDomain()
  const standing = useSuspenseQuery(standingQuery(id)).data
  const [moving, setMoving] = useState(false)
  const open = standing.moves.find((one) => one.state === 'proposed')
  return (
    <>
      <Section
        title={t.card.title}
        sub={standing.formula ? t.card.sub(standing.quarter, wordOf(t.bands, standing.band), standing.formula) : undefined}
        aside={
          standing.actions.includes('propose_move') && (
            <Button size="small" onPress={() => setMoving(true)}>
              {t.card.propose}
            </Button>
          )
        }
      >
        {open && <p className="mb-2 text-amber text-small">{t.card.open(wordOf(d.tier, open.from), wordOf(d.tier, open.to))}</p>}
        <Suspense>{standing.trial && <Trial trial={standing.trial} />}</Suspense>
        {standing.formula ? <Gap standing={standing} /> : <p className="text-ink-3">{t.card.none}</p>}
        {standing.evaluations.length > 0 && <History standing={standing} />}
      </Section>
      <Limits standing={standing} />
      <Suspense>{moving && <MoveDialog partner={id} tier={standing.tier} onClose={() => setMoving(false)} />}</Suspense>
    </>
  )
}

function Gap({ standing }: { standing: TierCard }) {
  const t = useTiers()
  const d = useDomain()
  const { next, next_points: need = 0, points, missing } = standing
  const floorOf = (line: TierCard['lines'][number]) => (next ? line.floors[next] : undefined)
  return (
    <>
      <Card className="mb-3">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-medium">{wordOf(d.tier, standing.tier)}</span>
          <span className="num">{t.card.points(points)}</span>
          <span className="text-ink-3 text-small">{next ? t.card.next(wordOf(d.tier, next), need) : t.card.top}</span>
          {next && (
            <span className={points < need ? 'text-amber text-small' : 'text-jade text-small'}>
              {points < need ? t.card.short(need - points) : t.card.reached}
            </span>
          )}
        </p>
        {next && (
          <p className={missing.length ? 'mt-1 text-cinnabar text-small' : 'mt-1 text-jade text-small'}>
            {missing.length ? `${t.card.missing}: ${missing.map((one) => t.metrics[one] ?? one).join(' · ')}` : t.card.noMissing}
          </p>
        )}
      </Card>
      <MiniTable
        label={t.card.title}
        head={[t.card.metric, t.card.has, t.card.floor, t.card.full, t.card.got]}
        end={[1, 2, 3, 4]}
        rows={standing.lines.map((line) => ({
          id: line.metric,
          cells: [
            <span key="metric" className={missing.includes(line.metric) ? 'text-cinnabar' : undefined}>
              {t.metrics[line.metric] ?? line.metric}
            </span>,
            line.has === undefined ? t.card.noFacts : say(line.has, line.unit),
            say(floorOf(line), line.unit),
            line.at_most ? say(0, line.unit) : say(line.full, line.unit),
            line.has === undefined ? '-' : `${line.points} / ${line.weight}`,
          ],
        }))}
      />
    </>
  )
}

function History({ standing }: { standing: TierCard }) {
  const t = useTiers()
  const d = useDomain()
  return (
    <div className="mt-3">
      <MiniTable
        label={t.card.history}
        head={[t.card.quarter, t.card.held, t.card.result, t.card.got, t.card.note]}
        end={[3]}
        rows={standing.evaluations.map((one) => ({
          id: `${one.quarter}-${one.formula}`,
          cells: [
            <span key="quarter" className="num">
              {one.quarter}
            </span>,
            wordOf(d.tier, one.tier),
            wordOf(d.tier, one.result),
            one.points,
            one.shadow ? (
              <span key="note" className="text-ink-3">
                {t.card.shadow(one.formula)}
              </span>
            ) : one.warned ? (
              <span key="note" className="text-amber">
                {t.card.warned}
              </span>
            ) : (
              ''
            ),
          ],
        }))}
      />
    </div>
  )
}

function Limits({ standing }: { standing: TierCard }) {
  const t = useTiers().exposure
  const { exposure } = standing
  return (
    <Section title={t.title} sub={t.level(exposure.level, exposure.levels)}>
      <Card>
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
          {exposure.caps.map((one) => {
            const full = one.cap !== undefined && one.open >= one.cap
            return (
              <div key={one.kind}>
                <dt className="text-ink-3 text-small">{t.kinds[one.kind]}</dt>
                <dd className={full ? 'num text-cinnabar' : 'num'}>
                  {one.cap === undefined ? t.unlimited(say(one.open, one.unit)) : t.of(say(one.open, one.unit), say(one.cap, one.unit))}
                </dd>
              </div>
            )
          })}
        </dl>
        <p className="mt-3 text-ink-3 text-small">
          {t.evidence(exposure.accepted, exposure.won)} · {exposure.how}
        </p>
        {exposure.alerts.map((one) => (
          <p key={one} className="mt-1 flex items-center gap-1 text-amber text-small">
            <TriangleAlert size={14} aria-hidden />
            {t.alerts[one] ?? one}
          </p>
        ))}
      </Card>
    </Section>
  )
}
