import { Link } from '@tanstack/react-router'
import { useRise } from '../../shared/i18n/rise'
import { formatTime } from '../../shared/lib/time'
import { Standing } from '../../shared/ui/Standing'
import type { GraduationRow } from './queries'
import { useGraduation } from './words'

const under = ['nominated', 'piloting', 'evaluating'] as const

/** One column a state, and one of what was decided; below each other on a phone. */
export function Board({ rows }: { rows: GraduationRow[] }) {
  const t = useGraduation()
  const rise = useRise()
  const live = (row: GraduationRow, state: string) => row.state === state || (state === 'evaluating' && row.state === 'consulting')
  const columns = [
    ...under.map((state) => ({ id: state as string, label: rise.states.graduation[state], rows: rows.filter((row) => live(row, state)) })),
    { id: 'decided', label: t.decided, rows: rows.filter((row) => !under.some((state) => live(row, state))).slice(0, 12) },
  ]
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
      {columns.map((column) => (
        <section key={column.id} aria-label={column.label} className="min-w-0 rounded-card bg-sunken p-3">
          <h2 className="mb-3 flex items-baseline justify-between gap-2 px-1 font-medium">
            {column.label}
            <span className="num text-ink-3 text-small">{column.rows.length}</span>
          </h2>
          {column.rows.length === 0 && <p className="px-1 pb-1 text-ink-3 text-small">{t.none}</p>}
          <ul className="flex flex-col gap-2">
            {column.rows.map((row) => (
              <li key={row.id}>
                <Link
                  to={`/graduations/${row.id}` as string}
                  className="focus-ring block rounded-card border border-line bg-sheet p-3 hover:border-line-strong"
                >
                  <span className="flex items-start justify-between gap-2">
                    <span className="min-w-0 font-medium">{row.solution_name}</span>
                    {(column.id === 'decided' || row.kind === 'way_back') && <Standing of="graduation" value={row.state} />}
                  </span>
                  <span className="mt-1 block text-ink-3 text-small">
                    {row.city_name} · {row.partner_name}
                  </span>
                  {row.comments_until && column.id === 'evaluating' && (
                    <span className="mt-1 block text-ink-2 text-small">{t.until(formatTime(row.comments_until, 'date'))}</span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
