import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDomain } from '../../shared/i18n/domain'
import { Money } from '../../shared/ui/Text'
import { DueOn } from './DueOn'
import { boardQuery } from './queries'
import { useOrders } from './words'

/** Open orders by state, what is due first first; each column goes on in the list. */
export default function Board({ q }: { q?: string }) {
  const t = useOrders()
  const d = useDomain()
  const columns = useSuspenseQuery(boardQuery(q)).data.items
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-4">
      {columns.map((column) => (
        <section
          key={column.state}
          aria-label={d.states.order[column.state]}
          className="flex min-w-0 flex-col gap-2 rounded-card bg-sunken p-3"
        >
          <h2 className="flex justify-between px-1 font-medium text-small">
            {d.states.order[column.state]}
            <span className="num text-ink-3">{column.total}</span>
          </h2>
          {column.items.map((row) => (
            <Link
              key={row.id}
              to={`/orders/${row.id}` as string}
              className="focus-ring flex flex-col gap-1 rounded-card border border-line bg-sheet p-3 hover:border-line-strong"
            >
              <span className="font-medium">{row.account_name}</span>
              <span className="truncate text-ink-3 text-small">
                {row.solution_name} · {row.supplier_name}
              </span>
              <span className="flex justify-between gap-2 text-small">
                <Money fen={row.total_fen} />
                {row.due_on && <DueOn day={row.due_on} overdue={row.overdue} />}
              </span>
            </Link>
          ))}
          {!column.items.length && <p className="px-1 py-4 text-ink-3 text-small">{t.board.none}</p>}
          {column.total > column.items.length && (
            <Link
              to={'/orders' as string}
              search={{ state: column.state } as never}
              className="focus-ring rounded-check px-1 text-accent-text text-small hover:underline"
            >
              {t.board.more(column.total - column.items.length)}
            </Link>
          )}
        </section>
      ))}
    </div>
  )
}
