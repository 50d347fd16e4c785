import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useCan, useMe } from '../../shared/api/session'
import { LinkButton } from '../../shared/ui/Button'
import { Columns, PageHeader, Section } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { Items } from './Items'
import { Numbers, Year } from './Numbers'
import { homeQuery } from './queries'
import { useHome } from './words'

const Recent = lazy(() => import('./Recent'))

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
      {recent.length > 0 ? (
        <Columns
          aside={
            <Suspense>
              <Recent recent={recent} />
            </Suspense>
          }
        >
          {main}
        </Columns>
      ) : (
        main
      )}
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
