import { Check, CircleDashed, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCommon } from '../i18n/common'
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

/** The API's Clock. */
export type ClockFacts = {
  budget_days: number
  operator_days: number
  partner_days: number
  holder: 'operator' | 'partner' | 'none'
  holder_since: string
}

const day = 86_400_000
const round = (days: number) => Math.round(days * 10) / 10

/** The month of certification from both sides: the operator's days count, the partner's stop the clock. */
export function TwoSidedClock({ clock }: { clock: ClockFacts }) {
  const t = useCommon()
  const [operator, partner, budget] = [round(clock.operator_days), round(clock.partner_days), clock.budget_days]
  const over = round(operator - budget)
  const scale = Math.max(budget, operator)
  const held = Math.floor((Date.now() - Date.parse(clock.holder_since)) / day)
  const words = { operator: t.clock.heldByOperator(held), partner: t.clock.heldByPartner(held), none: t.clock.decided }[clock.holder]
  return (
    <div className="flex flex-col gap-2.5">
      <p className={cx('font-medium', clock.holder === 'partner' && 'text-amber')}>{words}</p>
      <ClockRow
        label={t.clock.operator}
        share={operator / scale}
        bar={over > 0 ? 'bg-cinnabar' : 'bg-accent'}
        value={t.clock.of(operator, budget)}
      />
      <ClockRow label={t.clock.partner} share={Math.min(1, partner / scale)} bar="bg-line-strong" value={t.clock.days(partner)} />
      {over > 0 && <p className="text-cinnabar text-small">{t.clock.over(over)}</p>}
    </div>
  )
}

function ClockRow({ label, share, bar, value }: { label: string; share: number; bar: string; value: string }) {
  return (
    <div>
      <div className="flex justify-between text-small">
        <span className="text-ink-2">{label}</span>
        <span className="num">{value}</span>
      </div>
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-neutral-soft">
        <div className={cx('h-full rounded-full', bar)} style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

const reaches = ['pilot', 'city', 'province', 'beyond'] as const
export type Reach = (typeof reaches)[number]

/** The mark: four rising bars, filled up to how far a product has come. */
export function RisingBars({ reach, hideLabel }: { reach: Reach; hideLabel?: boolean }) {
  const t = useCommon()
  const level = reaches.indexOf(reach)
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-meta text-ink-2">
      <svg width="15" height="14" viewBox="0 0 15 14" aria-hidden="true">
        {reaches.map((name, index) => (
          <rect
            key={name}
            x={index * 4}
            y={9 - index * 3}
            width="3"
            height={5 + index * 3}
            rx="1"
            className={index <= level ? 'fill-accent' : 'fill-line-strong'}
          />
        ))}
      </svg>
      <span className={hideLabel ? 'sr-only' : undefined}>{t.reach[reach]}</span>
    </span>
  )
}

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
