import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useReference } from '../../shared/api/reference'
import { useCan } from '../../shared/api/session'
import { useDomain } from '../../shared/i18n/domain'
import { LinkButton } from '../../shared/ui/Button'
import { PageHeader } from '../../shared/ui/Layout'
import { MiniTable } from '../../shared/ui/MiniTable'
import { RecordPage, State } from '../../shared/ui/Record'
import { EmptyState } from '../../shared/ui/States'
import { plansQuery } from './queries'
import { usePlans } from './words'

export function PlansPage() {
  const t = usePlans()
  const can = useCan()
  return (
    <RecordPage>
      <PageHeader
        title={t.title}
        sub={t.sub}
        actions={
          can('plan:make') && (
            <LinkButton to={'/plans/new' as string} variant="primary" icon={<Plus size={16} aria-hidden />}>
              {t.create}
            </LinkButton>
          )
        }
      />
      <List />
    </RecordPage>
  )
}

function List() {
  const t = usePlans()
  const d = useDomain()
  const { reference } = useReference()
  const plans = useSuspenseQuery(plansQuery).data.items
  if (!plans.length) return <EmptyState title={t.empty}>{t.emptyWhy}</EmptyState>
  const c = t.columns
  return (
    <MiniTable
      label={t.title}
      head={[c.plan, c.number, c.scope, c.state, c.from, c.to, c.rules, c.maker, c.checker]}
      end={[6]}
      rows={plans.map((plan) => ({
        id: plan.id,
        cells: [
          <Link key="plan" to={`/plans/${plan.id}` as string} className="focus-ring rounded-check font-medium hover:text-accent-text">
            {plan.plan}
          </Link>,
          t.version(plan.number),
          reference.cities.find((city) => city.code === plan.city)?.name ?? d.province,
          <State key="state" of="plan" value={plan.state} />,
          plan.valid_from,
          plan.valid_to || t.open,
          plan.rules,
          plan.maker,
          plan.checker || '-',
        ],
      }))}
    />
  )
}
