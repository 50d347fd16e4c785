import { type ReactNode, useId } from 'react'
import { cx } from '../lib/cx'

// Traditional lattices, one tile each; the stroke takes the pigment of the industry.
const lattices = {
  fret: { w: 36, h: 36, d: 'M2 34V2H34V26H12V14H22V20' },
  wave: {
    w: 40,
    h: 20,
    d: 'M0 20a20 20 0 0 1 40 0M6 20a14 14 0 0 1 28 0M12 20a8 8 0 0 1 16 0M-20 10a20 20 0 0 1 40 0M20 10a20 20 0 0 1 40 0',
  },
  ice: {
    w: 64,
    h: 48,
    d: 'M0 12L18 4L34 16L24 34L6 30ZM34 16L52 8L64 12M24 34L40 44L58 36L52 8M40 44L36 48M6 30L0 36M58 36L64 36M18 4L16 0M36 0L34 16',
  },
  coin: { w: 24, h: 24, d: 'M12 0a12 12 0 0 1 0 24a12 12 0 0 1 0-24M0 12a12 12 0 0 1 24 0a12 12 0 0 1-24 0' },
  cross: { w: 28, h: 28, d: 'M14 0V28M0 14H28M7 7H21V21H7Z' },
  turtle: { w: 36, h: 62, d: 'M18 0L36 10V31L18 41L0 31V10ZM18 41V62M0 31V10M36 31V52' },
  bamboo: { w: 24, h: 40, d: 'M6 0V40M18 0V40M4 12H8M16 28H20M6 24L18 16' },
  lozenge: { w: 32, h: 32, d: 'M16 0L32 16L16 32L0 16ZM16 8L24 16L16 24L8 16Z' },
} as const

type Look = { lattice: keyof typeof lattices; tint: string }

const industries: Record<string, Look> = {
  manufacturing: { lattice: 'fret', tint: 'bg-accent-soft text-accent-text' },
  industry: { lattice: 'fret', tint: 'bg-accent-soft text-accent-text' },
  sme: { lattice: 'lozenge', tint: 'bg-accent-soft text-accent-text' },
  health: { lattice: 'coin', tint: 'bg-teal-soft text-teal' },
  pharma: { lattice: 'coin', tint: 'bg-teal-soft text-teal' },
  education: { lattice: 'bamboo', tint: 'bg-jade-soft text-jade' },
  rural: { lattice: 'bamboo', tint: 'bg-jade-soft text-jade' },
  government: { lattice: 'ice', tint: 'bg-cinnabar-soft text-cinnabar' },
  police: { lattice: 'ice', tint: 'bg-violet-soft text-violet' },
  water: { lattice: 'wave', tint: 'bg-teal-soft text-teal' },
  ocean: { lattice: 'wave', tint: 'bg-accent-soft text-accent-text' },
  power: { lattice: 'turtle', tint: 'bg-gilt-soft text-gilt' },
  energy: { lattice: 'turtle', tint: 'bg-gilt-soft text-gilt' },
  finance: { lattice: 'coin', tint: 'bg-gilt-soft text-gilt' },
  tax: { lattice: 'fret', tint: 'bg-gilt-soft text-gilt' },
  tobacco: { lattice: 'lozenge', tint: 'bg-jade-soft text-jade' },
  commerce: { lattice: 'lozenge', tint: 'bg-amber-soft text-amber' },
  retail: { lattice: 'lozenge', tint: 'bg-amber-soft text-amber' },
  logistics: { lattice: 'cross', tint: 'bg-amber-soft text-amber' },
  park: { lattice: 'cross', tint: 'bg-violet-soft text-violet' },
}
const plain: Look = { lattice: 'cross', tint: 'bg-neutral-soft text-ink-2' }

/** The drawn cover of a solution card. */
export function Cover({
  industry,
  label,
  badge,
  className,
}: {
  industry: string
  label?: ReactNode
  badge?: ReactNode
  className?: string
}) {
  const id = useId()
  const look = industries[industry] ?? plain
  const { w, h, d } = lattices[look.lattice]
  return (
    <div
      className={cx('relative flex items-end justify-between gap-2 overflow-hidden px-4 pb-3 text-small', look.tint, className ?? 'h-20')}
    >
      <svg className="absolute inset-0 size-full" aria-hidden="true">
        <defs>
          <pattern id={`${id}p`} width={w} height={h} patternUnits="userSpaceOnUse">
            <path d={d} fill="none" stroke="currentColor" strokeWidth="1.25" />
          </pattern>
          <linearGradient id={`${id}g`} x1="0" y1="1" x2="1" y2="0">
            <stop offset="0.1" stopColor="white" stopOpacity="0.04" />
            <stop offset="1" stopColor="white" stopOpacity="0.55" />
          </linearGradient>
          <mask id={`${id}m`}>
            <rect width="100%" height="100%" fill={`url(#${id}g)`} />
          </mask>
        </defs>
        <rect width="100%" height="100%" fill={`url(#${id}p)`} mask={`url(#${id}m)`} />
      </svg>
      <span className="relative">{label}</span>
      {badge && <span className="relative rounded-full bg-sheet px-2 text-ink text-meta leading-6">{badge}</span>}
    </div>
  )
}
