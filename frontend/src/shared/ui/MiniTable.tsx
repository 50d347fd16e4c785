import type { ReactNode } from 'react'
import { cx } from '../lib/cx'
import { useMedia } from '../lib/useMedia'

export type Cell = ReactNode
type Row = { id: string; cells: Cell[] }

/**
 * A small table inside a page: header words, then rows of cells; `end` names the columns of numbers. On a phone a
 * table of four columns or more becomes a list: the first cell heads each entry, a column without a word ends it.
 */
export function MiniTable({
  label,
  head,
  rows,
  end = [],
  footer,
}: {
  label: string
  head: string[]
  rows: Row[]
  end?: number[]
  footer?: Cell[]
}) {
  const phone = useMedia('(width < 768px)')
  if (phone && head.length > 3)
    return (
      <ul aria-label={label} className="divide-y divide-line rounded-card border border-line">
        {rows.map((row) => (
          <Entry key={row.id} head={head} cells={row.cells} />
        ))}
        {footer && <Entry head={head} cells={footer} />}
      </ul>
    )
  const align = (index: number) => (end.includes(index) ? 'num text-right' : 'min-w-24 text-left')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="relative overflow-x-auto rounded-card border border-line" tabIndex={0} aria-label={label}>
      <table className="w-full">
        <caption className="sr-only">{label}</caption>
        <thead className="bg-sunken text-ink-3 text-small">
          <tr>
            {head.map((word, index) => (
              <th key={word || `c${index}`} className={cx('h-9 whitespace-nowrap px-3 font-normal', align(index))}>
                {word || <span className="sr-only">{label}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-line border-t">
              {row.cells.map((cell, index) => (
                <td key={head[index] || `c${index}`} className={cx('px-3 py-2.5 align-top', align(index))}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {footer && (
          <tfoot className="bg-sunken font-medium">
            <tr className="border-line border-t">
              {footer.map((cell, index) => (
                <td key={head[index] || `c${index}`} className={cx('px-3 py-2.5', align(index))}>
                  {cell}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
}

function Entry({ head, cells }: { head: string[]; cells: Cell[] }) {
  const facts = head.flatMap((word, index) => {
    const cell = cells[index]
    return index && word && cell !== '' && cell !== '-' && cell !== null && cell !== undefined && cell !== false ? [{ word, cell }] : []
  })
  return (
    <li className="flex flex-col gap-1.5 break-words p-3.5">
      <div>{cells[0]}</div>
      {facts.length > 0 && (
        <dl className="grid grid-cols-[minmax(4.5rem,auto)_1fr] gap-x-3 gap-y-1.5">
          {facts.map(({ word, cell }) => (
            <div key={word} className="contents">
              <dt className="text-ink-3 text-small">{word}</dt>
              <dd className="min-w-0">{cell}</dd>
            </div>
          ))}
        </dl>
      )}
      {cells.map(
        (cell, index) =>
          index > 0 &&
          !head[index] &&
          cell && (
            <div key={`c${String(index)}`} className="flex justify-end">
              {cell}
            </div>
          ),
      )}
    </li>
  )
}
