import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { list } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { wordOf } from '../../shared/i18n/domain'
import { useRise } from '../../shared/i18n/rise'
import { CountBars } from '../../shared/ui/CountBars'
import { Card, Section } from '../../shared/ui/Layout'
import { Standing } from '../../shared/ui/Standing'
import { Time } from '../../shared/ui/Text'

/** How far the solution has come, and why cities do not take it. */
export default function Rise({ solution }: { solution: string }) {
  const t = useRise()
  const risen = useQuery({
    queryKey: ['graduation', 'list', { solution }],
    queryFn: ({ signal }) => list<Schemas['PageGraduationRow']>('/api/graduations', { solution }, signal),
  }).data?.items
  const asked = risen?.find((one) => one.state === 'graduated' || one.kind === 'way_back')
  const answers = useQuery({
    enabled: !!asked,
    queryKey: ['graduation', 'one', asked?.id],
    queryFn: ({ signal }) => data(api.GET('/api/graduations/{id}', { params: { path: { id: asked?.id ?? '' } }, signal })),
  }).data?.answers
  if (!risen?.length) return null
  const by = (pick: (one: Schemas['GraduationAnswer']) => string) => {
    const counted = new Map<string, number>()
    for (const one of answers ?? []) if (pick(one)) counted.set(pick(one), (counted.get(pick(one)) ?? 0) + one.cities)
    return [...counted].sort((a, b) => b[1] - a[1])
  }
  const all = (answers ?? []).reduce((sum, one) => sum + one.cities, 0)
  return (
    <Section title={t.title}>
      <Card className="flex flex-col gap-4">
        <ul className="flex flex-col gap-2">
          {risen.map((one) => (
            <li key={one.id} className="flex items-center justify-between gap-3">
              <Link to={`/graduations/${one.id}` as string} className="text-accent-text hover:underline">
                {one.city_name} · <Time value={one.nominated_at} as="date" />
              </Link>
              <Standing of="graduation" value={one.state} />
            </li>
          ))}
        </ul>
        <CountBars label={t.answers} all={all} rows={by((one) => one.state).map(([code, n]) => [wordOf(t.states.rollout, code), n])} />
        <CountBars label={t.reasons} all={all} rows={by((one) => one.reason_code).map(([code, n]) => [wordOf(t.reasonCodes, code), n])} />
      </Card>
    </Section>
  )
}
