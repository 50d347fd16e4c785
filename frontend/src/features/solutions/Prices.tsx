import { useDomain } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { formatFen, formatPpm } from '../../shared/lib/money'
import { Section } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import type { Solution } from './queries'
import { useSolutions } from './words'

/** What each element cost from version to version; a change says by how much. */
export default function Prices({ solution }: { solution: Solution }) {
  const t = useSolutions().prices
  const d = useDomain()
  const versions = solution.prices[0]?.points.map((point) => point.semver) ?? []
  if (versions.length < 2) return null
  return (
    <Section title={t.title}>
      <MiniTable
        label={t.title}
        head={[t.element, ...versions]}
        end={versions.map((_, index) => index + 1)}
        rows={solution.prices.map((element) => ({
          id: element.name,
          cells: [
            <span key="name">
              {element.name}
              <span className="block text-ink-3 text-small">
                {element.unit} · {d.billing[element.billing]}
              </span>
            </span>,
            ...element.points.map((point, index) => {
              const before = element.points[index - 1]?.price_fen
              const change = point.price_fen !== undefined && before ? point.price_fen - before : 0
              return (
                <span key={point.semver} className="num">
                  {point.price_fen === undefined ? '-' : formatFen(point.price_fen, { trim: true })}
                  {change !== 0 && (
                    <span className={cx('block text-small', change > 0 ? 'text-cinnabar' : 'text-jade')}>
                      {change > 0 ? '+' : '−'}
                      {formatPpm(Math.round((Math.abs(change) * 1_000_000) / (before ?? 1)))}
                    </span>
                  )}
                </span>
              )
            }),
          ],
        }))}
      />
    </Section>
  )
}
