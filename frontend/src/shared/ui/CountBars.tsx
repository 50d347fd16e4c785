import { formatCount } from '../lib/money'

/** Words with their counts, as bars of a whole. */
export function CountBars({ rows, all, label }: { rows: [string, number][]; all: number; label: string }) {
  if (!rows.length) return null
  return (
    <div>
      <h3 className="mb-2 text-ink-3 text-small">{label}</h3>
      <ul className="flex flex-col gap-1.5">
        {rows.map(([word, n]) => (
          <li key={word} className="grid grid-cols-[7em_1fr_2em] items-center gap-3">
            <span className="truncate">{word}</span>
            <span aria-hidden className="h-3 rounded-check bg-neutral-soft">
              <span className="block h-3 rounded-check bg-accent" style={{ width: `${(100 * n) / all}%` }} />
            </span>
            <span className="num text-right">{formatCount(n)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
