import {
  BadgeCheck,
  Ban,
  Check,
  Circle,
  CircleDashed,
  CircleDot,
  Clock,
  FlaskConical,
  type LucideIcon,
  Pause,
  RotateCcw,
  TrendingUp,
  X,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../lib/cx'

export type Tone = 'neutral' | 'accent' | 'jade' | 'amber' | 'cinnabar' | 'violet' | 'teal' | 'gilt'

const tones: Record<Tone, string> = {
  neutral: 'bg-neutral-soft text-ink-2',
  accent: 'bg-accent-soft text-accent-text',
  jade: 'bg-jade-soft text-jade',
  amber: 'bg-amber-soft text-amber',
  cinnabar: 'bg-cinnabar-soft text-cinnabar',
  violet: 'bg-violet-soft text-violet',
  teal: 'bg-teal-soft text-teal',
  gilt: 'bg-gilt-soft text-gilt',
}

export const toneText: Record<Tone, string> = {
  neutral: 'text-ink-3',
  accent: 'text-accent-text',
  jade: 'text-jade',
  amber: 'text-amber',
  cinnabar: 'text-cinnabar',
  violet: 'text-violet',
  teal: 'text-teal',
  gilt: 'text-gilt',
}

export function Tag({ tone = 'neutral', icon: Icon, children }: { tone?: Tone; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span className={cx('inline-flex h-[22px] shrink-0 items-center gap-1 whitespace-nowrap rounded-tag px-1.5 text-meta', tones[tone])}>
      {Icon && <Icon size={13} aria-hidden />}
      {children}
    </span>
  )
}

const waiting: [Tone, LucideIcon] = ['accent', Clock]
const good: [Tone, LucideIcon] = ['jade', Check]
const yourTurn: [Tone, LucideIcon] = ['amber', CircleDot]
const bad: [Tone, LucideIcon] = ['cinnabar', X]
const quiet: [Tone, LucideIcon] = ['neutral', Circle]
const stopped: [Tone, LucideIcon] = ['neutral', Ban]

/** Every state word of domain.md with its pigment and icon; the words themselves come from the dictionaries. */
const states: Record<string, [Tone, LucideIcon]> = {
  draft: ['neutral', CircleDashed],
  applied: waiting,
  submitted: waiting,
  under_review: waiting,
  contested: waiting,
  in_review: waiting,
  pending_approval: waiting,
  scheduled: waiting,
  registered: waiting,
  accepted: waiting,
  provisioning: waiting,
  calculated: waiting,
  approved: good,
  in_test: ['violet', FlaskConical],
  piloting: ['violet', FlaskConical],
  nominated: ['violet', TrendingUp],
  evaluating: ['violet', TrendingUp],
  graduated: ['violet', TrendingUp],
  certified: ['gilt', BadgeCheck],
  active: good,
  live: good,
  passed: good,
  protected: good,
  won: good,
  delivered: good,
  confirmed: good,
  paid: good,
  clean: good,
  more_info: yourTurn,
  changes_requested: yourTurn,
  issued: yourTurn,
  disputed: yourTurn,
  returned: ['amber', RotateCcw],
  expiring: ['amber', Clock],
  rejected: bad,
  failed: bad,
  revoked: bad,
  infected: bad,
  overdue: ['cinnabar', Clock],
  suspended: ['amber', Pause],
  expired: ['neutral', Clock],
  superseded: quiet,
  open: ['accent', Circle],
  pending: quiet,
  closed: stopped,
  retired: stopped,
  terminated: stopped,
  withdrawn: stopped,
  cancelled: stopped,
  ended: stopped,
  lost: stopped,
}

/** Where a word means something else for one kind of record. */
const byKind: Record<string, [Tone, LucideIcon]> = {
  'delivery.waiting': yourTurn,
  'delivery.in_progress': waiting,
  'delivery.done': waiting,
  'delivery.accepted': good,
  'ticket.open': yourTurn,
  'ticket.in_progress': waiting,
  'ticket.waiting_customer': ['neutral', Pause],
  'ticket.waiting_partner': waiting,
  'ticket.waiting_operator': yourTurn,
  'ticket.resolved': ['jade', Clock],
  'order.delivered': yourTurn,
  'certification.testing': ['violet', FlaskConical],
  'certification.intake': waiting,
  'flag.open': yourTurn,
  'flag.proposed': waiting,
  'flag.upheld': bad,
  'flag.cleared': good,
  'payout.made': waiting,
  'payout.sent': waiting,
  'payout.dropped': stopped,
  'payout_batch.made': yourTurn,
  'payout_batch.checked': yourTurn,
  'payout_batch.sent': waiting,
  'payout_batch.reconciled': good,
  'line.held': ['neutral', Clock],
  'line.due': waiting,
  'line.in_statement': waiting,
  'quote.ordered': good,
  'plan.published': good,
  'period.open': waiting,
  'import.checking': waiting,
  'import.checked': yourTurn,
  'import.applying': waiting,
  'import.applied': good,
  'import.stopped': ['amber', Pause],
  'import.undoing': waiting,
  'finding.open': yourTurn,
  'finding.answered': waiting,
  'certificate.valid': good,
}

export const stateTone = (state: string): Tone => states[state]?.[0] ?? 'neutral'

/** A state: icon and word, never colour alone. */
export function StatusTag({
  state,
  of,
  look,
  children,
}: {
  state: string
  of?: string
  /** Of a state that stands in no table here. */
  look?: [Tone, LucideIcon]
  children: ReactNode
}) {
  const [tone, icon] = look ?? byKind[`${of}.${state}`] ?? states[state] ?? quiet
  return (
    <Tag tone={tone} icon={icon}>
      {children}
    </Tag>
  )
}
