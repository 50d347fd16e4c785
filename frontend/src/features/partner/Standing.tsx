import { CircleCheck, CircleDot, CircleX, Clock, Pause } from 'lucide-react'
import { Banner } from '../../shared/ui/Record'
import type { Partner } from './queries'
import { usePartner } from './words'

const looks = {
  draft: ['amber', CircleDot],
  more_info: ['amber', CircleDot],
  applied: ['accent', Clock],
  under_review: ['accent', Clock],
  active: ['jade', CircleCheck],
  suspended: ['amber', Pause],
  rejected: ['cinnabar', CircleX],
  terminated: ['neutral', CircleX],
} as const

/** Whose turn it is and why, for the firm itself or for who vets it. */
export function Standing({ partner, vetting }: { partner: Partner; vetting?: boolean }) {
  const t = usePartner()
  const [tone, Icon] = looks[partner.state]
  const [title, why] = (vetting ? t.vetTurn : t.turn)[partner.state] ?? [partner.state, '']
  return (
    <Banner tone={tone} icon={<Icon size={18} aria-hidden />} title={title}>
      {partner.reason ? t.because(partner.reason) : why}
    </Banner>
  )
}
