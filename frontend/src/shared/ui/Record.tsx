import { FileText, ShieldAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { api, data, type Schemas } from '../api/client'
import { explain } from '../api/problem'
import { type StateOf, useDomain, wordOf } from '../i18n/domain'
import { formatBytes } from '../lib/bytes'
import { cx } from '../lib/cx'
import { formatCount } from '../lib/money'
import { Page } from './Layout'
import { Part } from './Part'
import { Timeline } from './Progress'
import { Skeleton } from './States'
import { StatusTag } from './Tag'
import { Time } from './Text'
import { toast } from './Toast'

/** The state of a record, in the words of its kind. */
export function State({ of, value }: { of: StateOf; value: string }) {
  const t = useDomain()
  return <StatusTag state={value}>{wordOf(t.states[of], value)}</StatusTag>
}

/** A page whose content loads and fails inside its frame. */
export function RecordPage({ children, width }: { children: ReactNode; width?: 'text' | 'market' | 'full' }) {
  return (
    <Page width={width}>
      <Part
        skeleton={
          <>
            <Skeleton className="mb-4 h-8 max-w-72" />
            <Skeleton rows={6} className="h-10" />
          </>
        }
      >
        {children}
      </Part>
    </Page>
  )
}

/** 共 1,234 条 / 约 12,000 条 */
export function useTotal() {
  const t = useDomain()
  return (total: number, estimated?: boolean) => (estimated ? t.about(formatCount(total)) : t.total(formatCount(total)))
}

export function EventTimeline({ events, of }: { events: Schemas['Event'][]; of?: StateOf }) {
  const t = useDomain()
  const words = of ? (t.states[of] as Record<string, string>) : {}
  const title = (event: Schemas['Event']) => {
    const did = t.did[event.action.split('.').at(-1) ?? '']
    const to = event.to ? (words[event.to] ?? '') : ''
    return { did: did ?? to ?? event.action, to: did && to ? to : '' }
  }
  return (
    <Timeline
      label={t.history}
      items={[...events]
        .sort((a, b) => b.at.localeCompare(a.at))
        .map((event, index) => {
          const { did, to } = title(event)
          return {
            id: `${event.at}${index}`,
            tone: index === 0 ? 'current' : 'past',
            title: (
              <>
                <span className="font-medium">{event.actor_name || t.system}</span> {did}
                {to && <span className="text-ink-3"> · {to}</span>}
              </>
            ),
            body: event.reason && <span className="whitespace-pre-line">{event.reason}</span>,
            when: (
              <>
                <Time value={event.at} /> · {t.sides[event.side]}
              </>
            ),
          }
        })}
    />
  )
}

async function openFile(id: string) {
  // opened before the answer comes, or the browser takes it for a pop-up
  const tab = window.open('', '_blank')
  try {
    const { url } = await data(api.GET('/api/files/{id}/link', { params: { path: { id } } }))
    if (tab) {
      tab.opener = null
      tab.location.href = url
    } else window.location.href = url
  } catch (error) {
    tab?.close()
    toast(explain(error), { bad: true })
  }
}

/** A stored file that opens, with its size and what the scan said. */
export function FileLine({
  file,
  note,
  aside,
  className,
}: {
  file: Schemas['File']
  note?: ReactNode
  aside?: ReactNode
  className?: string
}) {
  const t = useDomain()
  const bad = file.scan === 'infected' || file.state === 'quarantined'
  return (
    <div className={cx('flex items-center gap-3', className)}>
      <span
        className={cx(
          'grid size-9 shrink-0 place-items-center rounded-control',
          bad ? 'bg-cinnabar-soft text-cinnabar' : 'bg-accent-soft text-accent',
        )}
      >
        {bad ? <ShieldAlert size={18} aria-hidden /> : <FileText size={18} aria-hidden />}
      </span>
      <span className="min-w-0 flex-1">
        {bad ? (
          <span className="block truncate">{file.name}</span>
        ) : (
          <button
            type="button"
            onClick={() => void openFile(file.id)}
            title={t.openFile(file.name)}
            className="focus-ring block max-w-full truncate rounded-check text-left hover:text-accent-text hover:underline"
          >
            {file.name}
          </button>
        )}
        <span className="flex flex-wrap items-center gap-x-2 text-ink-3 text-meta">
          {note}
          <span className="num">{formatBytes(file.size)}</span>
          {(bad || file.scan !== 'clean') && <span className={bad ? 'text-cinnabar' : undefined}>{t.scan[file.scan]}</span>}
        </span>
      </span>
      {aside}
    </div>
  )
}

type Tint = 'accent' | 'amber' | 'cinnabar' | 'jade' | 'neutral' | 'gilt'
const tints: Record<Tint, string> = {
  accent: 'border-accent-line bg-accent-soft text-accent-text',
  amber: 'border-amber-line bg-amber-soft text-amber',
  cinnabar: 'border-cinnabar-line bg-cinnabar-soft text-cinnabar',
  jade: 'border-jade-line bg-jade-soft text-jade',
  gilt: 'border-gilt-line bg-gilt-soft text-gilt',
  neutral: 'border-line bg-sunken text-ink',
}

/** What state a record is in, whose turn it is, and why; the next step beside it. */
export function Banner({
  tone = 'neutral',
  icon,
  title,
  children,
  action,
}: {
  tone?: Tint
  icon?: ReactNode
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={cx('mb-6 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card border px-4 py-3', tints[tone])}>
      <div className="flex min-w-0 flex-1 basis-60 items-start gap-2.5">
        {icon && <span className="mt-0.5 shrink-0">{icon}</span>}
        <div className="min-w-0">
          <p className="font-medium">{title}</p>
          {children && <div className="whitespace-pre-line text-ink-2 text-small">{children}</div>}
        </div>
      </div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  )
}

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
  const align = (index: number) => (end.includes(index) ? 'num text-right' : 'text-left')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="overflow-x-auto rounded-card border border-line" tabIndex={0} aria-label={label}>
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
