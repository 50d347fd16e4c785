import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { linkTo } from '../lib/search'

const widths = { text: 'max-w-[1184px]', market: 'max-w-[1384px]', full: '' }

/** The room of a page inside the sheet. `fill` keeps it at the height of the window, for a table or a queue that scrolls itself. */
export function Page({ children, width = 'text', fill }: { children: ReactNode; width?: keyof typeof widths; fill?: boolean }) {
  return (
    <div
      className={cx(
        'mx-auto flex w-full flex-col px-4 pt-5 pb-16 md:px-8 md:pt-6',
        widths[width],
        fill ? 'md:h-full md:min-h-0 md:pb-6' : 'md:min-h-full',
      )}
    >
      {children}
    </div>
  )
}

export type Crumb = { label: string; to: string }

type HeaderProps = { title: ReactNode; documentTitle?: string; sub?: ReactNode; tags?: ReactNode; actions?: ReactNode; crumbs?: Crumb[] }

export function PageHeader({ title, documentTitle, sub, tags, actions, crumbs }: HeaderProps) {
  const t = useCommon()
  const heading = documentTitle ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    document.title = heading ? `${heading} · ${t.product}` : t.product
  }, [heading, t])
  return (
    <header className="mb-5 shrink-0">
      {crumbs && (
        <nav className="mb-3 flex flex-wrap items-center gap-1.5 text-ink-3 text-small">
          {crumbs.map((crumb, index) => (
            <span key={crumb.to} className="flex items-center gap-1.5">
              {index > 0 && <ChevronRight size={14} aria-hidden />}
              <Link {...linkTo(crumb.to)} className="focus-ring rounded-check hover:text-ink">
                {crumb.label}
              </Link>
            </span>
          ))}
        </nav>
      )}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="font-semibold text-title">{title}</h1>
          {sub && <p className="mt-1 text-ink-3">{sub}</p>}
          {tags && <div className="mt-2.5 flex flex-wrap items-center gap-2.5">{tags}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  )
}

export function Section({
  title,
  sub,
  aside,
  children,
  className,
}: {
  title?: ReactNode
  sub?: ReactNode
  aside?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section className={cx('mb-8', className)}>
      {title && (
        <div className="mb-3 flex items-end justify-between gap-4">
          <div>
            <h2 className="font-semibold text-section">{title}</h2>
            {sub && <p className="text-ink-3 text-small">{sub}</p>}
          </div>
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}

export function Card({ children, className, flush }: { children: ReactNode; className?: string; flush?: boolean }) {
  return <div className={cx('rounded-card border border-line bg-sheet', flush ? 'overflow-hidden' : 'p-4', className)}>{children}</div>
}

/** Main column and a narrower one beside it; below it on a phone. */
export function Columns({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_288px]">
      <div className="min-w-0">{children}</div>
      <aside className="min-w-0">{aside}</aside>
    </div>
  )
}

export type Fact = { label: string; value: ReactNode }

/** Name and value, name left and value right; `wide` keeps them together where there is room. */
export function Facts({ items, wide }: { items: (Fact | false | null | undefined)[]; wide?: boolean }) {
  return (
    <dl className="flex flex-col gap-2.5">
      {items.map(
        (fact) =>
          fact && (
            <div key={fact.label} className={cx('flex items-baseline justify-between gap-4', wide && 'md:justify-start')}>
              <dt className={cx('shrink-0 text-ink-3', wide && 'md:w-36')}>{fact.label}</dt>
              <dd className={cx('min-w-0 break-words text-right', wide && 'md:text-left')}>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

export type Figure = { label: string; value: ReactNode; context?: ReactNode; plot?: ReactNode }

/** Numbers side by side in one frame, each with its context. */
export function Figures({ items }: { items: Figure[] }) {
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line phone:[&>:last-child:nth-child(odd)]:col-span-2 md:auto-cols-fr md:grid-flow-col md:grid-cols-none">
      {items.map((figure) => (
        <div key={figure.label} className="bg-sheet p-4">
          <div className="text-ink-2 text-small">{figure.label}</div>
          <div className="num mt-1 font-semibold text-title">{figure.value}</div>
          <div className="mt-2 flex flex-wrap items-end justify-between gap-x-2 gap-y-1 text-ink-3 text-meta">
            <span>{figure.context}</span>
            {figure.plot}
          </div>
        </div>
      ))}
    </div>
  )
}

/** What to decide, always in reach of the thumb. */
export function DecisionBar({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-auto -mb-16 flex flex-wrap items-center gap-2 border-line border-t bg-sheet px-4 py-3 md:-mx-8 md:px-8 phone:bottom-[calc(60px+env(safe-area-inset-bottom))]">
      {children}
    </div>
  )
}
