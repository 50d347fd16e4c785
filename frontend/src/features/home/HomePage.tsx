import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../shared/api/client'
import { useCan, useMe } from '../../shared/api/session'
import { useActor, useDid } from '../../shared/i18n/did'
import { linkTo } from '../../shared/lib/search'
import { LinkButton } from '../../shared/ui/Button'
import { Columns, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Time } from '../../shared/ui/Text'
import { Timeline } from '../../shared/ui/Timeline'
import { Items } from './Items'
import { Numbers, Year } from './Numbers'
import { homeQuery } from './queries'
import { useHome } from './words'

export function HomePage() {
  return (
    <RecordPage>
      <Home />
    </RecordPage>
  )
}

function partOfDay() {
  const hour = (new Date().getUTCHours() + 8) % 24
  if (hour < 5) return 'night'
  if (hour < 11) return 'morning'
  if (hour < 13) return 'noon'
  return hour < 18 ? 'afternoon' : 'evening'
}

function Home() {
  const t = useHome()
  const { user } = useMe()
  const { items, numbers, months, recent } = useSuspenseQuery(homeQuery).data
  const count = items.reduce((sum, item) => sum + Math.max(1, item.count ?? 1), 0)
  const first = numbers.find((number) => number.spark.some((value) => value > 0))
  const main = (
    <>
      <Section>{items.length > 0 ? <Items items={items} /> : <NothingToDo />}</Section>
      {numbers.length > 0 && (
        <Section title={t.overview}>
          <Numbers numbers={numbers} />
        </Section>
      )}
      {first && <Year number={first} months={months} />}
    </>
  )
  return (
    <>
      <PageHeader title={count ? t.waiting(count) : t.nothing} documentTitle={t.title} sub={t.hello(t.parts[partOfDay()], user.name)} />
      {recent.length > 0 ? <Columns aside={<Recent recent={recent} />}>{main}</Columns> : main}
    </>
  )
}

function NothingToDo() {
  const t = useHome()
  const can = useCan()
  const { membership } = useMe()
  const [why, to] = can('deal:register')
    ? (['agent', 'market'] as const)
    : can('solution:write')
      ? (['author', 'solutions'] as const)
      : membership.tenant_kind === 'partner'
        ? (['partner', 'partner'] as const)
        : (['operator', can('certification:read') ? 'certifications' : 'market'] as const)
  return (
    <EmptyState
      title={t.emptyTitle}
      action={
        <LinkButton to={`/${to}` as string} variant="primary">
          {t.go[to]}
        </LinkButton>
      }
    >
      {t.empty[why]}
    </EmptyState>
  )
}

function Recent({ recent }: { recent: Schemas['Notice'][] }) {
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
