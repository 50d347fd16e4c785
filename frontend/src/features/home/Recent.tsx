import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../shared/api/client'
import { useActor, useDid } from '../../shared/i18n/did'
import { linkTo } from '../../shared/lib/search'
import { Section } from '../../shared/ui/Layout'
import { Time } from '../../shared/ui/Text'
import { Timeline } from '../../shared/ui/Timeline'
import { useHome } from './words'

export default function Recent({ recent }: { recent: Schemas['Notice'][] }) {
  const t = useHome()
  const { did, updated } = useDid()
  const named = useActor()
  return (
    <Section title={t.recent}>
      <Timeline
        label={t.recent}
        items={recent.map((notice, index) => {
          const [resource = '', verb = ''] = notice.action.split('.')
          return {
            id: `${notice.at}${index}`,
            title: (
              <>
                {named(notice.actor)} {did[verb || resource] ?? updated}{' '}
                {notice.href ? (
                  <Link {...linkTo(notice.href)} className="focus-ring rounded-check font-medium hover:text-accent-text hover:underline">
                    {notice.label}
                  </Link>
                ) : (
                  notice.label
                )}
              </>
            ),
            when: <Time value={notice.at} />,
          }
        })}
      />
    </Section>
  )
}
