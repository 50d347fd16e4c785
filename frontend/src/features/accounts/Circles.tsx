import { formatCount } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import type { Account } from './queries'
import { useAccounts } from './words'

const places = [
  [110, 70],
  [250, 70],
  [110, 170],
  [250, 170],
] as const

/** 围绕一个 B，拓展 EMCP: four circles around the customer, their area by the counts. */
export function Circles({ account }: { account: Account }) {
  const t = useAccounts()
  const counts = [
    { id: 'E', label: t.employees, value: account.employees },
    { id: 'M', label: t.machines, value: account.machines },
    { id: 'C', label: t.customers, value: account.customers },
    { id: 'P', label: t.suppliers, value: account.suppliers },
  ]
  const most = Math.max(1, ...counts.map((one) => one.value))
  return (
    <Section title={t.emcp} sub={t.emcpSub}>
      <div className="grid items-center gap-4 rounded-card border border-line p-4 md:grid-cols-[360px_1fr]">
        <svg viewBox="0 0 360 240" className="mx-auto w-full max-w-[360px]" aria-hidden="true">
          {counts.map((one, index) => {
            const [x, y] = places[index] as readonly [number, number]
            // area, not radius, follows the count; a logarithm keeps the small ones visible
            const r = 16 + 32 * Math.sqrt(Math.log1p(one.value) / Math.log1p(most))
            return (
              <g key={one.id}>
                <line x1="180" y1="120" x2={x} y2={y} className="stroke-line-strong" />
                <circle cx={x} cy={y} r={r} className="fill-accent-soft stroke-accent-line" />
                <text x={x} y={y + 6} textAnchor="middle" className="fill-accent-text font-semibold text-section">
                  {one.id}
                </text>
              </g>
            )
          })}
          <circle cx="180" cy="120" r="24" className="fill-ink" />
          <text x="180" y="126" textAnchor="middle" className="fill-ink-on font-semibold text-section">
            B
          </text>
        </svg>
        <dl className="grid grid-cols-2 gap-4">
          {counts.map((one) => (
            <div key={one.id}>
              <dt className="text-ink-3 text-small">{one.label}</dt>
              <dd className="num font-semibold text-title">{formatCount(one.value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Section>
  )
}
