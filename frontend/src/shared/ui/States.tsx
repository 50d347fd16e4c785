import { CircleAlert, Copy, LockKeyhole, RotateCw, WifiOff } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { ApiProblem, explain } from '../api/problem'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { Button } from './Button'
import { toast } from './Toast'

const Refused = lazy(() => import('./Refused'))

/** Nothing here yet: what this place is for, and the one thing to do. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cx('flex flex-col items-center rounded-card border border-line px-6 py-14 text-center', className)}>
      <svg
        width="112"
        height="48"
        viewBox="0 0 112 48"
        fill="none"
        strokeWidth="2"
        strokeLinecap="round"
        className="mb-4"
        aria-hidden="true"
      >
        <path d="M6 34C18 8 94 8 106 34" className="stroke-accent" />
        <path d="M38 34c6-12 30-12 36 0" className="stroke-accent-line" />
        <circle cx="88" cy="6" r="4" className="stroke-line-strong" />
        <path d="M0 40h34m10 0h24m10 0h34M18 46h24m14 0h40" className="stroke-line-strong" />
      </svg>
      <h2 className="font-semibold text-section">{title}</h2>
      {children && <p className="mt-1 max-w-[30em] text-balance text-ink-3">{children}</p>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

/** A part that failed: what happened, what was kept, try again, and the number to give to support. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => unknown; title?: string }) {
  const t = useCommon()
  const problem = error instanceof ApiProblem ? error : undefined
  const refused = problem?.status === 403
  const Icon = problem?.offline ? WifiOff : refused ? LockKeyhole : CircleAlert
  const id = problem?.requestId
  return (
    <div
      role="alert"
      className={cx(
        'flex flex-wrap items-start gap-3 rounded-card border p-4',
        refused ? 'border-line bg-sunken' : 'border-cinnabar-line bg-cinnabar-soft',
      )}
    >
      <Icon size={18} className={cx('mt-0.5 shrink-0', refused ? 'text-ink-3' : 'text-cinnabar')} aria-hidden />
      <div className="min-w-0 flex-1 basis-60">
        <p className={cx('font-medium', !refused && 'text-cinnabar')}>{title ?? (refused ? t.error.refused : t.error.title)}</p>
        <p className="text-ink-2 text-small">
          {refused ? (
            <Suspense fallback={t.error.forbiddenPlain}>
              <Refused error={error} />
            </Suspense>
          ) : (
            `${explain(error, t)} ${t.error.kept}`
          )}
        </p>
        {id && (
          <p className="mt-1 flex flex-wrap items-center gap-1 text-ink-2 text-meta">
            {t.error.requestId} <code className="break-all">{id}</code>
            <Button
              size="small"
              variant="quiet"
              icon={<Copy size={14} aria-hidden />}
              aria-label={t.error.copyId}
              onPress={async () => {
                await navigator.clipboard.writeText(id)
                toast(t.copied)
              }}
            />
          </p>
        )}
      </div>
      {onRetry && !refused && problem?.status !== 404 && (
        <Button icon={<RotateCw size={16} aria-hidden />} onPress={onRetry}>
          {t.retry}
        </Button>
      )}
    </div>
  )
}

/** Grey bones in the true layout; invisible for the first 300 ms. */
export function Skeleton({ rows = 1, className }: { rows?: number; className?: string }) {
  const t = useCommon()
  return (
    <output className="late flex flex-col gap-3" aria-label={t.loading}>
      {Array.from({ length: rows }, (_, index) => `bone${index}`).map((bone) => (
        <span key={bone} className={cx('block animate-pulse rounded-control bg-neutral-soft', className ?? 'h-5')} />
      ))}
    </output>
  )
}
