import { Check, CircleDashed } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'

export type RailItem = { id: string; label: string; state: 'ready' | 'partly' | 'missing'; note?: ReactNode; href?: string }

/** What is still lacking before the next step may be taken. */
export function CompletenessRail({ title, items, children }: { title: string; items: RailItem[]; children?: ReactNode }) {
  const t = useCommon()
  const done = items.filter((item) => item.state === 'ready').length
  return (
    <section>
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <h2 className="font-semibold">{title}</h2>
        <span className="num text-ink-3 text-meta">{t.complete(done, items.length)}</span>
      </div>
      <ul>
        {items.map((item) => {
          const words = (
            <>
              {item.state === 'ready' ? (
                <span className="grid size-5 place-items-center rounded-full bg-jade text-ink-on">
                  <Check size={12} strokeWidth={3} aria-hidden />
                </span>
              ) : (
                <CircleDashed size={20} className={item.state === 'partly' ? 'text-amber' : 'text-ink-3'} aria-hidden />
              )}
              <span className="min-w-0 flex-1">{item.label}</span>
              <span
                className={cx('text-small', item.state === 'ready' ? 'text-jade' : item.state === 'partly' ? 'text-amber' : 'text-ink-3')}
              >
                {item.note ?? (item.state === 'ready' ? t.ready : item.state === 'partly' ? t.partly : t.missing)}
              </span>
            </>
          )
          return (
            <li key={item.id}>
              {item.href ? (
                <a href={item.href} className="hit focus-ring flex items-center gap-2.5 rounded-tag py-1.5 hover:bg-sunken">
                  {words}
                </a>
              ) : (
                <span className="flex items-center gap-2.5 py-1.5">{words}</span>
              )}
            </li>
          )
        })}
      </ul>
      {children && <div className="mt-4 flex flex-col gap-2">{children}</div>}
    </section>
  )
}
