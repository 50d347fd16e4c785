import type { ReactNode } from 'react'
import { cx } from '../lib/cx'

export type Cell = ReactNode
/** A small table inside a page: header words, then rows of cells; `end` names the columns of numbers. */
export function MiniTable({
  label,
  head,
  rows,
  end = [],
  footer,
}: {
  label: string
  head: string[]
  rows: { id: string; cells: Cell[] }[]
  end?: number[]
  footer?: Cell[]
}) {
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
