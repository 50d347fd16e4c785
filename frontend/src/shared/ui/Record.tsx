import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'
import { type StateOf, useDomain, wordOf } from '../i18n/domain'
import { cx } from '../lib/cx'
import { formatCount } from '../lib/money'
import { Page } from './Layout'
import { Part } from './Part'
import { Skeleton } from './States'
import { StatusTag } from './Tag'

/** The state of a record, in the words of its kind. */
export function State({ of, value }: { of: StateOf; value: string }) {
  const t = useDomain()
  return (
    <StatusTag of={of} state={value}>
      {wordOf(t.states[of], value)}
    </StatusTag>
  )
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

const Events = lazy(() => import('./EventTimeline'))

/** What happened to a record, newest first; fetched beside the page, not with it. */
export function EventTimeline(props: ComponentProps<typeof Events>) {
  return (
    <Suspense fallback={<Skeleton rows={3} />}>
      <Events {...props} />
    </Suspense>
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
