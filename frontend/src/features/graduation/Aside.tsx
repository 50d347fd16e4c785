import { Link } from '@tanstack/react-router'
import { useReference } from '../../shared/api/reference'
import { useDomain } from '../../shared/i18n/domain'
import { Card, Facts, Section } from '../../shared/ui/Layout'
import { EventTimeline } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import type { Graduation } from './queries'
import { useGraduation } from './words'

export default function Aside({ graduation }: { graduation: Graduation }) {
  const t = useGraduation()
  const d = useDomain()
  const { reference, name } = useReference()
  const link = (to: string, word: string) => (
    <Link to={to as string} className="text-accent-text hover:underline">
      {word}
    </Link>
  )
  return (
    <>
      <Section title={t.facts}>
        <Card>
          <Facts
            items={[
              { label: t.columns.number, value: graduation.number },
              { label: t.columns.category, value: name(reference.categories, graduation.category) },
              { label: t.family, value: name(reference.families, graduation.family) },
              { label: t.columns.nominated, value: <Time value={graduation.nominated_at} as="date" /> },
              !!graduation.comments_until && { label: t.columns.until, value: <Time value={graduation.comments_until} as="date" /> },
              !!graduation.decided_by_name && { label: t.decidedBy, value: graduation.decided_by_name },
              !!graduation.decided_at && { label: t.decidedAt, value: <Time value={graduation.decided_at} as="date" /> },
              !!graduation.result_listing_id && {
                label: t.result,
                value: link(`/market/${graduation.result_listing_id}`, graduation.semver),
              },
            ]}
          />
        </Card>
      </Section>
      {graduation.events.length > 0 && (
        <Section title={d.history}>
          <EventTimeline events={graduation.events} />
        </Section>
      )}
    </>
  )
}
