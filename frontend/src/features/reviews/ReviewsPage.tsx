import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { MessageCircleQuestion, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useDomain } from '../../shared/i18n/domain'
import { cx } from '../../shared/lib/cx'
import { useFilters } from '../../shared/lib/search'
import { useMedia } from '../../shared/lib/useMedia'
import { Button, LinkButton } from '../../shared/ui/Button'
import { Page, PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { EmptyState, Skeleton } from '../../shared/ui/States'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { Due, Kbd } from '../../shared/ui/Text'
import { Desk, type DeskHandle } from './Desk'
import { decided, useDecide, type Verdict } from './decide'
import { type ReviewRow, recordQuery, reviewsQuery } from './queries'
import { useReviews } from './words'

const Together = lazy(() => import('./Together'))

export function ReviewsPage() {
  return (
    <Part
      skeleton={
        <Page>
          <Skeleton rows={8} className="h-12" />
        </Page>
      }
    >
      <Queue />
    </Part>
  )
}

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && !!target.closest('input,textarea,select,[contenteditable],[role=dialog]')

function Queue() {
  const t = useReviews()
  const phone = useMedia('(width < 768px)')
  const hidden = decided.use()
  const all = useSuspenseQuery(reviewsQuery).data.items.filter((row) => !hidden.includes(row.id))
  const [{ item: id, view = 'mine' }, set] = useFilters<{ item?: string; view?: string }>()
  const others = all.filter((row) => row.with_other)
  const elsewhere = view === 'others' && others.length > 0
  const rows = elsewhere ? others : all.filter((row) => !row.with_other)
  const safe = rows.filter((row) => row.safe)
  const [together, setTogether] = useState(false)
  const send = useDecide()
  const desk = useRef<DeskHandle>(null)
  const found = rows.findIndex((row) => row.id === id)
  const at = found >= 0 ? found : phone ? -1 : 0
  const row = rows[at]
  const next = rows[at + 1]
  const client = useQueryClient()
  // The next item stands ready before it is asked for.
  useEffect(() => {
    if (next) void client.prefetchQuery(recordQuery(next) as never)
  }, [client, next])
  const go = (index: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!next) return
    set({ item: next.id })
    document.getElementById(`review-${next.id}`)?.scrollIntoView({ block: 'nearest' })
  }
  const decide = (verdict: Verdict, reason: string) => {
    if (!row) return
    const next = rows[at + 1] ?? rows[at - 1]
    send(row, verdict, reason)
    set({ item: next?.id })
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const writing = event.target instanceof HTMLTextAreaElement && event.target.name === 'opinion'
      if (writing && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        return desk.current?.decide('request')
      }
      if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'j') go(at + 1)
      else if (event.key === 'k') go(at - 1)
      else if (event.key === 'A' && event.shiftKey) desk.current?.decide('approve')
      else if (event.key === 'r') desk.current?.decide('request')
      else if (event.key === 'q') desk.current?.ask('question')
      else if (event.key === 'o') desk.current?.ask('opinion')
      else if (event.key === 'd') desk.current?.ask('hand_over')
      else if (event.key === 'B' && event.shiftKey && safe.length > 1) setTogether(true)
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  if (!all.length)
    return (
      <Page>
        <PageHeader title={t.title} />
        <EmptyState title={t.emptyTitle} action={<LinkButton to={'/certifications' as string}>{t.seeCertifications}</LinkButton>}>
          {t.emptyWhy}
        </EmptyState>
      </Page>
    )
  const late = rows.filter((one) => one.overdue).length
  return (
    <div className="md:grid md:h-full md:grid-cols-[320px_minmax(0,1fr)]">
      <div className={cx('flex min-h-0 flex-col border-line md:border-r', row && phone && 'hidden')}>
        <div className="px-4 pt-5 md:px-5 [&>header]:mb-3">
          <PageHeader title={t.title} sub={t.sub(rows.length, late)} />
        </div>
        {(others.length > 0 || safe.length > 1) && (
          <div className="flex flex-wrap items-center justify-between gap-2 px-4 pb-3 md:px-5">
            {others.length > 0 && (
              <SegmentedControl
                label={t.list}
                items={[
                  { id: 'mine', label: t.views.mine(all.length - others.length) },
                  { id: 'others', label: t.views.others(others.length) },
                ]}
                value={elsewhere ? 'others' : 'mine'}
                onChange={(next) => set({ view: next === 'others' ? next : undefined, item: undefined })}
              />
            )}
            {safe.length > 1 && (
              <Button size="small" onPress={() => setTogether(true)}>
                {t.together(safe.length)}
              </Button>
            )}
          </div>
        )}
        {!rows.length && <p className="px-4 text-ink-3 md:px-5">{t.allWithOthers}</p>}
        <ul aria-label={t.list} className="min-h-0 flex-1 overflow-auto px-2 pb-2">
          {rows.map((one, index) => (
            <li key={one.id} id={`review-${one.id}`}>
              <RowButton row={one} current={index === at} onPress={() => go(index)} />
            </li>
          ))}
        </ul>
        <p className="hidden flex-wrap items-center gap-x-4 gap-y-1 border-line border-t px-5 py-2.5 text-ink-3 text-small md:flex">
          {(
            [
              [['J', 'K'], t.keys.move],
              [['⇧A', 'R'], t.keys.decide],
              [['Q', 'D'], t.keys.ask],
            ] as const
          ).map(([keys, what]) => (
            <span key={what} className="flex items-center gap-1.5">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
              {what}
            </span>
          ))}
        </p>
      </div>
      {row && (
        <div className="min-h-0 md:overflow-auto">
          <Part
            key={row.id}
            skeleton={
              <Page>
                <Skeleton rows={6} className="h-10" />
              </Page>
            }
          >
            <Desk row={row} handle={desk} onDecide={decide} onBack={() => set({ item: undefined })} />
          </Part>
        </div>
      )}
      <Suspense>{together && <Together rows={safe} onClose={() => setTogether(false)} />}</Suspense>
    </div>
  )
}

function RowButton({ row, current, onPress }: { row: ReviewRow; current: boolean; onPress: () => void }) {
  const t = useReviews()
  const d = useDomain()
  return (
    <button
      type="button"
      onClick={onPress}
      aria-current={current || undefined}
      className={cx(
        'focus-ring flex w-full flex-col gap-0.5 rounded-control px-3 py-2.5 text-left',
        current ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
    >
      <span className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">{row.title}</span>
        {row.due_at && <Due at={row.due_at} />}
      </span>
      <span className="flex items-center justify-between gap-3 text-small">
        <span className={cx('truncate', current ? 'text-ink-2' : 'text-ink-3')}>
          {t.what[row.what]} · {row.partner_name} · {row.scope === 'province' ? d.province : row.semver}
        </span>
        {row.waiting > 0 && (
          <span className="inline-flex shrink-0 items-center gap-1 text-amber">
            <MessageCircleQuestion size={14} aria-hidden />
            {t.waiting}
          </span>
        )}
        {row.with_other && <span className="shrink-0 text-ink-3">{row.assignee}</span>}
        {row.warnings > 0 && (
          <span className="inline-flex shrink-0 items-center gap-1 text-cinnabar">
            <TriangleAlert size={14} aria-hidden />
            <span aria-hidden>{row.warnings}</span>
            <span className="sr-only">{t.warnings(row.warnings)}</span>
          </span>
        )}
      </span>
    </button>
  )
}
