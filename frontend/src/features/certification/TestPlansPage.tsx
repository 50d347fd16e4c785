import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useReference } from '../../shared/api/reference'
import { useActor } from '../../shared/i18n/did'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage, State } from '../../shared/ui/Record'
import { Time } from '../../shared/ui/Text'
import { useTestPlans } from './planWords'
import { testPlansQuery } from './queries'

/** What is tested, by category and version. */
export function TestPlansPage() {
  const t = useTestPlans()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <List />
    </RecordPage>
  )
}

function List() {
  const t = useTestPlans()
  const { reference, name } = useReference()
  const plans = useSuspenseQuery(testPlansQuery).data.items
  const c = t.columns
  const named = useActor()
  return (
    <MiniTable
      label={t.title}
      head={[c.category, c.number, c.state, c.checks, c.budget, c.maker, c.checker, c.published]}
      end={[3, 4]}
      rows={plans.map((one) => ({
        id: one.id,
        cells: [
          <Link
            key="name"
            to={`/certification-plans/${one.id}` as string}
            className="focus-ring rounded-check font-medium hover:text-accent-text"
          >
            {name(reference.categories, one.category)}
          </Link>,
          t.version(one.number),
          <State key="state" of="plan" value={one.state} />,
          one.checks,
          one.budget_days,
          named(one.maker),
          one.checker || '-',
          one.published_at ? <Time key="at" value={one.published_at} as="date" /> : '-',
        ],
      }))}
    />
  )
}
