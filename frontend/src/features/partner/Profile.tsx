import { useDomain, wordOf } from '../../shared/i18n/domain'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import { Time } from '../../shared/ui/Text'
import type { Partner } from './queries'
import { usePartner } from './words'

export function Profile({ partner }: { partner: Partner }) {
  const t = usePartner()
  const d = useDomain()
  return (
    <Section title={t.profile}>
      <Card>
        <Facts
          wide
          items={[
            { label: t.fields.credit_code, value: <span className="num">{partner.credit_code}</span> },
            { label: t.fields.capabilities, value: partner.capabilities.map((one) => wordOf(d.capability, one)).join(' · ') },
            { label: t.fields.tier, value: wordOf(d.tier, partner.tier) },
            { label: t.fields.code, value: partner.code },
            { label: t.contact, value: partner.contact_name },
            { label: t.fields.contact_phone, value: partner.contact_phone },
            { label: t.fields.contact_email, value: partner.contact_email },
            !!partner.address && { label: t.fields.address, value: partner.address },
            !!partner.applied_at && { label: t.fields.applied, value: <Time value={partner.applied_at} as="date" /> },
          ]}
        />
        {partner.profile && <p className="mt-4 whitespace-pre-line border-line border-t pt-4 text-ink-2">{partner.profile}</p>}
      </Card>
    </Section>
  )
}
