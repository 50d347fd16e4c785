import { Ban, Check, CircleDot, Clock, type LucideIcon, TrendingUp, X } from 'lucide-react'
import { wordOf } from '../i18n/domain'
import { useRise } from '../i18n/rise'
import { StatusTag, type Tone } from './Tag'

const looks: Record<string, [Tone, LucideIcon]> = {
  consulting: ['violet', TrendingUp],
  demoted: ['neutral', Ban],
  archived: ['neutral', Ban],
  kept: ['jade', Check],
  open: ['amber', CircleDot],
  adopted: ['jade', Check],
  later: ['amber', Clock],
  declined: ['cinnabar', X],
  keep: ['jade', Check],
  release: ['neutral', Ban],
  proposed: ['accent', Clock],
  published: ['jade', Check],
}

/** States of graduations, of tasks and of thresholds. */
export function Standing({ of, value }: { of: 'graduation' | 'rollout' | 'threshold'; value: string }) {
  const t = useRise()
  return (
    <StatusTag of={of} state={value} look={looks[value]}>
      {wordOf(t.states[of], value)}
    </StatusTag>
  )
}
