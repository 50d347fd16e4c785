import { Section } from '../../shared/ui/Layout'
import { State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { Timeline } from '../../shared/ui/Timeline'
import type { OfferDetail } from './queries'
import { useMarket } from './words'

/** The versions that were certified, newest first. */
export default function Versions({ offer }: { offer: OfferDetail }) {
  const t = useMarket()
  if (!offer.versions.length) return null
  return (
    <Section title={t.versions}>
      <Timeline
        label={t.versions}
        items={offer.versions.map((version) => ({
          id: version.id,
          tone: version.semver === offer.semver ? 'current' : 'past',
          title: (
            <span className="flex items-center gap-2">
              <span className="font-semibold">{version.semver}</span>
              <State of="version" value={version.state} />
            </span>
          ),
          body: <p className="whitespace-pre-line text-body">{version.notes || t.noVersions}</p>,
          when: <Time value={version.submitted_at ?? version.created_at} as="date" />,
        }))}
      />
    </Section>
  )
}
