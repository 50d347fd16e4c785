import { CircleCheck, CircleDot, CircleX, Clock, Pause } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { useLocale } from '../../shared/i18n'
import { Banner } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
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
  contested: ['accent', Clock],
  terminated: ['neutral', CircleX],
} as const

/** Whose turn it is and why, for the firm itself or for who vets it. */
export function Standing({ partner, vetting }: { partner: Partner; vetting?: boolean }) {
  const t = usePartner()
  const lang = useLocale()
  const { reference } = useReference()
  const code = partner.state === 'rejected' && reference.reject_reasons.find((one) => one.code === partner.reject_code)
  const [tone, Icon] = looks[partner.lapsed_at && partner.state === 'active' ? 'suspended' : partner.state]
  const [title, why] = (vetting ? t.vetTurn : t.turn)[partner.state] ?? [partner.state, '']
  return (
    <Banner tone={tone} icon={<Icon size={18} aria-hidden />} title={title}>
      {partner.reason ? t.because(code ? `${code[lang]} · ${partner.reason}` : partner.reason) : why}
      {partner.lapsed_at && <p>{vetting ? t.lapsedThere : t.lapsed}</p>}
      {partner.state === 'rejected' && partner.reapply_on && <p>{t.reapplyFrom(partner.reapply_on)}</p>}
      {partner.state === 'rejected' && partner.actions.includes('contest') && partner.contest_until && (
        <p>
          {t.contestUntil} <Time value={partner.contest_until} as="date" />
        </p>
      )}
    </Banner>
  )
}
