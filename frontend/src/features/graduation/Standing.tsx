import { wordOf } from '../../shared/i18n/domain'
import { StatusTag, type Tone } from '../../shared/ui/Tag'
import { useGraduation } from './words'

const tones: Record<string, Tone> = {
  consulting: 'violet',
  kept: 'jade',
  adopted: 'jade',
  keep: 'jade',
  published: 'jade',
  later: 'amber',
  open: 'amber',
  declined: 'cinnabar',
  proposed: 'accent',
}

/** States of graduations, of tasks and of thresholds. */
export function Standing({ of, value }: { of: 'graduation' | 'rollout' | 'threshold'; value: string }) {
  const t = useGraduation()
  return (
    <StatusTag of={of} state={value} tone={tones[value]}>
      {wordOf(t.states[of], value)}
    </StatusTag>
  )
}
