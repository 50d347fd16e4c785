import type { ReactNode } from 'react'
import { cx } from '../../shared/lib/cx'
import { Due, Time } from '../../shared/ui/Text'
import type { Ticket } from './queries'
import { useTickets } from './words'

const bars = { operator: 'bg-accent', partner: 'bg-amber', customer: 'bg-line-strong' } as const
const round = (hours: number) => Math.round(hours * 10) / 10

/** What was promised and what is owed, then whose working time passed. */
export function SideClock({ ticket }: { ticket: Ticket }) {
  const t = useTickets()
  const { clock, holder } = ticket
  const sides = (['operator', 'partner', 'customer'] as const).map((side) => ({ side, hours: clock[`${side}_hours`] }))
  const all = Math.max(clock.elapsed_hours, 0.01)
  const late = <span className="text-cinnabar">{t.late}</span>
  return (
    <div className="flex flex-col gap-4">
      <Promised label={t.respond} promise={t.within(clock.respond_hours)}>
        {clock.responded_at ? (
          <>
            {clock.respond_late ? late : <span className="text-jade">{t.respondedAt}</span>} <Time value={clock.responded_at} />
          </>
        ) : (
          holder !== 'none' && <Due at={clock.respond_by} />
        )}
      </Promised>
      <Promised label={t.resolve} promise={t.within(clock.resolve_hours)}>
        {clock.resolved_at ? (
          <Time value={clock.resolved_at} />
        ) : clock.resolve_by ? (
          <Due at={clock.resolve_by} />
        ) : (
          holder === 'customer' && t.stopped
        )}
      </Promised>
      <div className="border-line border-t pt-3">
        <div className="flex h-2 overflow-hidden rounded-full bg-neutral-soft" aria-hidden>
          {sides.map(({ side, hours }) => (
            <span key={side} className={bars[side]} style={{ width: `${(hours / all) * 100}%` }} />
          ))}
        </div>
        <dl className="mt-3 flex flex-col gap-1.5 text-small">
          {sides.map(({ side, hours }) => (
            <div key={side} className="flex items-center justify-between gap-3">
              <dt className={cx('flex items-center gap-2', side === holder ? 'font-medium' : 'text-ink-2')}>
                <span className={cx('size-2.5 rounded-full', bars[side])} aria-hidden />
                {t.sides[side]}
              </dt>
              <dd className="num">{t.hours(round(hours))}</dd>
            </div>
          ))}
        </dl>
        <p className="num mt-1.5 text-right text-ink-3 text-meta">{t.elapsed(round(clock.elapsed_hours))}</p>
      </div>
      {clock.close_at && ticket.state === 'resolved' && (
        <p className="flex justify-between gap-3 border-line border-t pt-3">
          <span className="text-ink-3">{t.closesAt}</span>
          <Time value={clock.close_at} as="date" />
        </p>
      )}
    </div>
  )
}

function Promised({ label, promise, children }: { label: string; promise: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3">
      <span>
        {label} <span className="num text-ink-3 text-small">{promise}</span>
      </span>
      <span className="num text-small">{children}</span>
    </div>
  )
}
