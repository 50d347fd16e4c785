import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../lib/cx'

export type Step = { id: string; label: string; note?: ReactNode; state: 'done' | 'failed' | 'current' | 'todo' }

const dots = {
  done: 'bg-accent border-accent text-ink-on',
  failed: 'bg-cinnabar border-cinnabar text-ink-on',
  current: 'bg-sheet border-accent',
  todo: 'bg-sheet border-line-strong text-ink-3',
}

function Dot({ state }: { state: Step['state'] }) {
  return (
    <span className={cx('grid size-6 shrink-0 place-items-center rounded-full border-2', dots[state])}>
      {state === 'done' && <Check size={14} strokeWidth={2.5} aria-hidden />}
      {state === 'failed' && <X size={14} strokeWidth={2.5} aria-hidden />}
      {state === 'current' && <span className="size-2.5 rounded-full bg-accent" />}
      {state === 'todo' && <Minus size={14} aria-hidden />}
    </span>
  )
}

/** Steps in a row; a column on a phone. */
export function Stepper({ steps, label }: { steps: Step[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col md:flex-row">
      {steps.map((step, index) => {
        const reached = step.state === 'done' || step.state === 'failed'
        const line = step.state === 'failed' ? 'bg-cinnabar' : reached ? 'bg-accent' : 'bg-line'
        const last = index === steps.length - 1
        return (
          <li
            key={step.id}
            aria-current={step.state === 'current' ? 'step' : undefined}
            className={cx('relative flex gap-3 pb-4 md:flex-col md:gap-2 md:pb-0', !last && 'md:flex-1')}
          >
            {!last && (
              <span
                className={cx(
                  'absolute top-6 bottom-0 left-[11px] w-0.5 md:top-[11px] md:right-0 md:bottom-auto md:left-6 md:h-0.5 md:w-auto',
                  line,
                )}
              />
            )}
            <Dot state={step.state} />
            <span className="min-w-0 md:pr-3">
              <span className={cx('block', step.state === 'todo' ? 'text-ink-3' : 'text-ink')}>{step.label}</span>
              {step.note && (
                <span className={cx('block text-meta', step.state === 'failed' ? 'text-cinnabar' : 'text-ink-3')}>{step.note}</span>
              )}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
