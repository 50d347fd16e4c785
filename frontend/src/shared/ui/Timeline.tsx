import type { ReactNode } from 'react'
import { cx } from '../lib/cx'

export type Moment = { id: string; when: ReactNode; title: ReactNode; body?: ReactNode; tone?: 'current' | 'past' }

export function Timeline({ items, label }: { items: Moment[]; label: string }) {
  return (
    <ol aria-label={label}>
      {items.map((item, index) => (
        <li key={item.id} className="relative flex gap-4 pb-6 pl-6">
          {index < items.length - 1 && <span className="absolute top-4 bottom-[-6px] left-[5px] w-px bg-line" />}
          <span
            className={cx(
              'absolute top-[6px] left-0 size-[11px] rounded-full border-2',
              item.tone === 'current' ? 'border-accent bg-accent' : 'border-line-strong bg-sheet',
            )}
          />
          <div className="min-w-0 flex-1">
            <div>{item.title}</div>
            {item.body && <div className="text-ink-2 text-small">{item.body}</div>}
            <div className="mt-0.5 text-ink-3 text-meta">{item.when}</div>
          </div>
        </li>
      ))}
    </ol>
  )
}
