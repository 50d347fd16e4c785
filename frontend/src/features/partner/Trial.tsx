import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Banner } from '../../shared/ui/Record'
import type { TierCard } from './queries'
import { say, useTiers } from './tiers'

/** A formula that runs silently beside the one in force: what it would change for the firm, and what the firm says to it. */
export default function Trial({ trial }: { trial: NonNullable<TierCard['trial']> }) {
  const words = useTiers()
  const t = words.objection
  const d = useDomain()
  const { then, now, objection } = trial
  const until = formatTime(trial.ripe_at, 'date')
  const changes = now && now.result !== then.result
  return (
    <div className="mb-3">
      <Banner
        tone={changes ? 'amber' : 'neutral'}
        title={t.running(trial.formula)}
        action={
          <Actions
            resource="tier-formulas"
            id={trial.formula_id}
            allowed={trial.actions}
            touches={['partner']}
            size="small"
            acts={[
              { id: 'object', label: t.object, done: t.made, ask: { title: t.ask, help: t.askHelp, reason: 'required', label: t.reason } },
            ]}
          />
        }
      >
        <p>
          {changes
            ? t.otherwise(then.quarter, wordOf(d.tier, then.result), wordOf(d.tier, now.result))
            : t.same(then.quarter, wordOf(d.tier, then.result))}
        </p>
        <p>{new Date(trial.ripe_at) > new Date() ? t.silent(until) : t.over}</p>
        {trial.note && <p className="mt-1 text-ink-3">{trial.note}</p>}
        {objection && (
          <div className="mt-2 border-line border-t pt-2">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium text-ink">{t.mine}</span>
              <span>{wordOf(t.states, objection.state)}</span>
              <Actions
                resource="tier-objections"
                id={objection.id}
                allowed={objection.actions.filter((one) => one === 'withdraw')}
                touches={['partner']}
                size="small"
                acts={[{ id: 'withdraw', label: t.withdraw, done: t.withdrawn, ask: { title: t.askWithdraw } }]}
              />
            </p>
            <p>{objection.reason}</p>
            {objection.answer && (
              <p className="mt-1">
                {t.answer}: {objection.answer} <span className="text-ink-3">{objection.answered_by_name}</span>
              </p>
            )}
          </div>
        )}
      </Banner>
      <details>
        <summary className="focus-ring cursor-pointer rounded-check text-ink-2 text-small">{t.lines}</summary>
        <div className="mt-2">
          <MiniTable
            label={t.lines}
            head={[words.card.metric, words.card.has, t.nowPoints, t.thenPoints]}
            end={[1, 2, 3]}
            rows={then.lines.map((line) => {
              const before = now?.lines.find((one) => one.metric === line.metric)
              const points = (one?: typeof line) => (one?.has === undefined ? '-' : `${one.points} / ${one.weight}`)
              return {
                id: line.metric,
                cells: [
                  words.metrics[line.metric] ?? line.metric,
                  line.has === undefined ? words.card.noFacts : say(line.has, line.unit),
                  points(before),
                  points(line),
                ],
              }
            })}
          />
        </div>
      </details>
    </div>
  )
}
