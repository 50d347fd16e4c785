import { Link } from '@tanstack/react-router'
import { usePages } from '../../shared/api/pages'
import { useDomain, wordOf } from '../../shared/i18n/domain'
import { formatTime } from '../../shared/lib/time'
import { Actions } from '../../shared/ui/Actions'
import { PageHeader, Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { Due } from '../../shared/ui/Text'
import { Formulas } from './Formulas'
import { type Move, movesQuery } from './queries'
import { useTiers } from './tiers'

export function TiersPage() {
  const t = useTiers()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <Part>
        <Moves />
      </Part>
      <Part>
        <Formulas />
      </Part>
    </RecordPage>
  )
}

function Moves() {
  const t = useTiers()
  const d = useDomain()
  const { rows } = usePages(movesQuery)
  const waiting = rows.filter((one) => one.state === 'proposed')
  const done = rows.filter((one) => one.state !== 'proposed')
  const firm = (one: Move) => (
    <Link to={`/partners/${one.partner_id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
      {one.partner_name}
    </Link>
  )
  const change = (one: Move) => `${wordOf(d.tier, one.from)} → ${wordOf(d.tier, one.to)}`
  const why = (one: Move) =>
    [one.evidence && t.moves.points(one.evidence.quarter, one.evidence.points), one.note].filter(Boolean).join(' · ')
  return (
    <>
      <Section title={t.moves.waiting}>
        {waiting.length === 0 ? (
          <p className="text-ink-3">{t.moves.empty}</p>
        ) : (
          <MiniTable
            label={t.moves.waiting}
            head={[t.moves.partner, t.moves.change, t.moves.why, t.moves.by, '']}
            rows={waiting.map((one) => ({
              id: one.id,
              cells: [
                firm(one),
                change(one),
                why(one),
                <span key="by">
                  {one.made_by_name} <Due at={one.due_at} />
                </span>,
                <span key="acts" className="flex gap-2">
                  <Actions
                    resource="tier-moves"
                    id={one.id}
                    allowed={one.actions}
                    size="small"
                    touches={['partner', 'home']}
                    acts={[
                      {
                        id: 'accept',
                        label: t.moves.accept,
                        done: t.moves.accepted,
                        ask: { title: t.moves.askAccept, help: t.moves.askAcceptWhy },
                      },
                      {
                        id: 'decline',
                        label: t.moves.decline,
                        done: t.moves.declined,
                        ask: { title: t.moves.askDecline, reason: 'required' },
                      },
                    ]}
                  />
                </span>,
              ],
            }))}
          />
        )}
      </Section>
      {done.length > 0 && (
        <Section title={t.moves.done}>
          <MiniTable
            label={t.moves.done}
            head={[t.moves.partner, t.moves.change, t.moves.state, t.moves.why, t.moves.decided]}
            rows={done.map((one) => ({
              id: one.id,
              cells: [
                firm(one),
                change(one),
                wordOf(t.moves.states, one.state),
                why(one),
                [one.decided_by_name, one.decided_at && formatTime(one.decided_at, 'date'), one.reason].filter(Boolean).join(' · ') || '-',
              ],
            }))}
          />
        </Section>
      )}
    </>
  )
}
