import { cx } from '../../shared/lib/cx'
import { formatCount, formatFen } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import { Tag } from '../../shared/ui/Tag'
import type { Graduation } from './queries'
import { useGraduation } from './words'

/** Cities side by side, each against its own targets. */
export default function Pilots({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  if (!graduation.pilots.length && graduation.state !== 'piloting') return null
  const fen = (value: number) => formatFen(value, { trim: true })
  return (
    <Section title={t.pilots} sub={graduation.pilots.length ? t.pilotsWhy : t.noPilots}>
      <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {graduation.pilots.map((pilot) => (
          <li key={pilot.city_code} className="flex flex-col gap-3 rounded-card border border-line p-4">
            <div>
              <p className="flex items-center justify-between gap-2 font-medium">
                {pilot.city_name}
                {pilot.state === 'left' && <Tag>{t.left}</Tag>}
              </p>
              <p className="text-ink-3 text-small">{t.period(pilot.starts_on, pilot.ends_on)}</p>
            </div>
            <Goal label={t.newAccounts} has={pilot.accounts} target={pilot.target_accounts} say={formatCount} />
            {pilot.target_fen > 0 && <Goal label={t.revenue} has={pilot.fen} target={pilot.target_fen} say={fen} />}
            {(pilot.reason || pilot.note) && <p className="text-ink-2 text-small">{pilot.reason || pilot.note}</p>}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Goal({ label, has, target, say }: { label: string; has: number; target: number; say: (value: number) => string }) {
  const t = useGraduation()
  const reached = has >= target
  return (
    <div>
      <p className="flex items-baseline justify-between gap-3 text-small">
        <span className="text-ink-3">{label}</span>
        <span className="num">
          <span className={cx('font-medium', reached && 'text-jade')}>{say(has)}</span>
          <span className="text-ink-3">
            {' '}
            / {t.pilotTarget} {say(target)}
          </span>
        </span>
      </p>
      <div aria-hidden className="mt-1.5 h-2 rounded-check bg-neutral-soft">
        <div
          className={cx('h-2 rounded-check', reached ? 'bg-jade' : 'bg-accent')}
          style={{ width: `${Math.min(100, (100 * has) / target)}%` }}
        />
      </div>
    </div>
  )
}
