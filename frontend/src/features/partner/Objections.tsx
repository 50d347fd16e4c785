import { useSuspenseQuery } from '@tanstack/react-query'
import { wordOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Due } from '../../shared/ui/Text'
import { type Formula, objectionsQuery } from './queries'
import { useTiers } from './tiers'

/** What firms have against a formula on trial, and the answers. */
export default function Objections({ formula }: { formula: Formula }) {
  const words = useTiers()
  const t = words.objection
  const rows = useSuspenseQuery(objectionsQuery(formula.id)).data.items
  return (
    <div className="my-3">
      <h3 className="mb-2 font-medium">{t.title(formula.open)}</h3>
      {rows.length === 0 ? (
        <p className="text-ink-3">{t.none}</p>
      ) : (
        <MiniTable
          label={t.title(formula.open)}
          head={[words.formulas.partner, t.reason, t.state, t.answer, '']}
          rows={rows.map((one) => ({
            id: one.id,
            cells: [
              one.partner_name,
              one.reason,
              <span key="state" className={one.state === 'upheld' ? 'text-cinnabar' : undefined}>
                {wordOf(t.states, one.state)} {one.state === 'open' && <Due at={one.due_at} />}
              </span>,
              one.answer
                ? [one.answer, one.answered_by_name, one.answered_at && formatTime(one.answered_at, 'date')].filter(Boolean).join(' · ')
                : '-',
              <span key="acts" className="flex gap-2">
                <Actions
                  resource="tier-objections"
                  id={one.id}
                  allowed={one.actions}
                  size="small"
                  touches={['partner', 'home']}
                  acts={[
                    {
                      id: 'dismiss',
                      label: t.dismiss,
                      done: t.dismissed,
                      ask: { title: t.askDismiss, help: t.askDismissWhy, reason: 'required', label: t.answer },
                    },
                    {
                      id: 'uphold',
                      label: t.uphold,
                      done: t.upheld,
                      ask: { title: t.askUphold, help: t.askUpholdWhy, reason: 'required', label: t.answer },
                    },
                  ]}
                />
              </span>,
            ],
          }))}
        />
      )}
    </div>
  )
}
