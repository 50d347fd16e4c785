import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { formatCount } from '../lib/money'
import { density } from '../lib/prefs'
import { useMedia } from '../lib/useMedia'
import { Button } from './Button'
import { TableSettings, useHiddenColumns } from './TableSettings'

export type Column<T> = {
  id: string
  header: string
  cell: (row: T) => ReactNode
  /** CSS width of the column; one without takes what is left. */
  width?: string
  align?: 'end'
  isSortable?: boolean
  /** Always shown. */
  isFixed?: boolean
}

export type Sort = { id: string; desc: boolean }

type Props<T> = {
  /** Names the table for the kept column settings. */
  id: string
  label: string
  columns: Column<T>[]
  rows: T[]
  rowKey: (row: T) => string
  /** Where Enter or a click on a row goes. */
  href?: (row: T) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  selection?: ReadonlySet<string>
  onSelection?: (keys: Set<string>) => void
  /** Acts on the selected rows. */
  bulk?: ReactNode
  /** Left of the column settings: states, filters. */
  toolbar?: ReactNode
  hasMore?: boolean
  onMore?: () => unknown
  /** A row on a phone; without it the table scrolls sideways. */
  card?: (row: T) => ReactNode
  empty?: ReactNode
  footer?: ReactNode
}

/** Rows from the server: it sorts, filters and pages; this shows them, by keyboard too. */
export function DataTable<T>(props: Props<T>) {
  const t = useCommon()
  const phone = useMedia('(width < 768px)')
  const { hidden, toggle } = useHiddenColumns(props.id)
  const columns = props.columns.filter((column) => column.isFixed || !hidden.includes(column.id))
  const chosen = props.selection?.size ?? 0
  const asCards = phone && props.card
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="mb-3 flex shrink-0 flex-wrap items-center justify-between gap-2">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
          {chosen > 0 ? (
            <>
              <span className="num font-medium">{t.selected(formatCount(chosen))}</span>
              {props.bulk}
              <Button size="small" variant="quiet" onPress={() => props.onSelection?.(new Set())}>
                {t.clear}
              </Button>
            </>
          ) : (
            props.toolbar
          )}
        </div>
        {!phone && <TableSettings columns={props.columns} hidden={hidden} onToggle={toggle} />}
      </div>
      {props.rows.length === 0 ? (
        props.empty
      ) : asCards ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line">
          {props.rows.map((row) => (
            <li key={props.rowKey(row)}>{asCards(row)}</li>
          ))}
        </ul>
      ) : (
        <Grid {...props} columns={columns} />
      )}
      {props.rows.length > 0 && (
        <div className="flex shrink-0 items-center justify-between gap-3 pt-3 text-ink-3 text-small">
          <span className="num">
            {props.hasMore ? t.loaded(formatCount(props.rows.length)) : t.allLoaded(formatCount(props.rows.length))}
          </span>
          {props.hasMore && (
            <Button size="small" onPress={() => props.onMore?.()}>
              {t.loadMore}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

const interactive = 'a,button,input,label,select,textarea,[role=checkbox]'

function Grid<T>({ label, columns, rows, rowKey, href, sort, onSort, selection, onSelection, footer }: Props<T>) {
  const t = useCommon()
  const navigate = useNavigate()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const rowHeight = density.use() === 'compact' ? 34 : 42
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowKey(rows[index] as T),
    overscan: 12,
    initialRect: { width: 1200, height: 800 },
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const span = columns.length + (selection ? 1 : 0)

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setActive(next)
    virtual.scrollToIndex(next)
    const focus = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus()
    focus()
    if (document.activeElement?.getAttribute('data-index') !== String(next)) requestAnimationFrame(focus)
  }
  const flip = (key: string) => {
    const next = new Set(selection)
    if (!next.delete(key)) next.add(key)
    onSelection?.(next)
  }
  const open = (row: T) => href && navigate({ href: href(row) })
  const onKeyDown = (event: KeyboardEvent, row: T, index: number) => {
    if (event.target !== event.currentTarget) return
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      Home: 0,
      End: rows.length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) focusRow(to)
    else if (event.key === 'Enter') void open(row)
    else if (event.key === ' ' && selection) flip(rowKey(row))
    else return
    event.preventDefault()
  }
  const all = rows.length > 0 && rows.every((row) => selection?.has(rowKey(row)))
  return (
    <div ref={scroller} className="max-h-[max(420px,calc(100dvh-180px))] min-h-0 overflow-auto rounded-card border border-line">
      <table aria-label={label} aria-rowcount={rows.length + 1} className="w-full min-w-max border-separate border-spacing-0">
        <thead className="text-ink-3 text-small">
          <tr>
            {selection && (
              <th className={cx(headCell, 'w-11')}>
                <Tick
                  label={t.selectAll}
                  on={all}
                  some={!all && selection.size > 0}
                  onChange={(on) => onSelection?.(new Set(on ? rows.map(rowKey) : []))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr aria-hidden>
              <td colSpan={span} style={{ height: before }} />
            </tr>
          )}
          {items.map(({ index, key }) => {
            const row = rows[index] as T
            const id = rowKey(row)
            return (
              <tr
                key={String(key)}
                data-index={index}
                aria-rowindex={index + 2}
                tabIndex={index === active ? 0 : -1}
                onFocus={() => setActive(index)}
                onKeyDown={(event) => onKeyDown(event, row, index)}
                onClick={(event) => !(event.target as Element).closest(interactive) && open(row)}
                className={cx('h-(--row) focus-visible:-outline-offset-2 hover:bg-sunken', selection?.has(id) && 'bg-accent-soft')}
              >
                {selection && (
                  <td className={bodyCell}>
                    <Tick label={t.selectRow} on={selection.has(id)} onChange={() => flip(id)} />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.id} className={cx(bodyCell, column.align === 'end' && 'num text-right')}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 && (
            <tr aria-hidden>
              <td colSpan={span} style={{ height: after }} />
            </tr>
          )}
        </tbody>
        {footer && <tfoot className="sticky bottom-0 bg-sunken font-medium">{footer}</tfoot>}
      </table>
    </div>
  )
}

function Tick({ label, on, some, onChange }: { label: string; on: boolean; some?: boolean; onChange: (on: boolean) => void }) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={on}
      ref={(box) => {
        if (box) box.indeterminate = !!some
      }}
      onChange={(event) => onChange(event.target.checked)}
      className="focus-ring block size-4 accent-(--accent)"
    />
  )
}

const headCell = 'sticky top-0 z-[1] h-9 whitespace-nowrap border-line border-b bg-sunken px-3 text-left font-normal'
const bodyCell = 'max-w-96 truncate border-line border-b px-3'

function HeadCell<T>({ column, sort, onSort }: { column: Column<T>; sort?: Sort; onSort?: (sort: Sort) => void }) {
  const mine = sort?.id === column.id
  const end = column.align === 'end'
  if (!column.isSortable || !onSort)
    return (
      <th className={cx(headCell, end && 'text-right')} style={{ width: column.width }}>
        {column.header}
      </th>
    )
  return (
    <th
      className={cx(headCell, end && 'text-right')}
      style={{ width: column.width }}
      aria-sort={mine ? (sort.desc ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        onClick={() => onSort({ id: column.id, desc: mine ? !sort.desc : true })}
        className={cx('focus-ring inline-flex h-7 items-center gap-1 rounded-check', mine ? 'text-ink' : 'hover:text-ink')}
      >
        {column.header}
        {mine && (sort.desc ? <ArrowDown size={14} aria-hidden /> : <ArrowUp size={14} aria-hidden />)}
      </button>
    </th>
  )
}
