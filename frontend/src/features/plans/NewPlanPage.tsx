import { useSuspenseQuery } from '@tanstack/react-query'
import { lazy } from 'react'
import { useFilters } from '../../shared/lib/search'
import { PageHeader } from '../../shared/ui/Layout'
import { RecordPage } from '../../shared/ui/Record'
import { type PlanDocument, planQuery } from './queries'
import { usePlans } from './words'

const PlanEditor = lazy(() => import('./PlanEditor'))

export function NewPlanPage() {
  const t = usePlans()
  const [{ from }] = useFilters<{ from?: string }>()
  return (
    <RecordPage>
      <PageHeader title={t.create} sub={t.sub} crumbs={[{ label: t.title, to: '/plans' }]} />
      {from ? <Copy id={from} /> : <PlanEditor />}
    </RecordPage>
  )
}

function Copy({ id }: { id: string }) {
  const { document } = useSuspenseQuery(planQuery(id)).data
  const { version: _, ...copy } = document as PlanDocument
  return <PlanEditor start={copy} />
}
