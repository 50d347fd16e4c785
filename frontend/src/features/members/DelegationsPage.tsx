import { lazy, Suspense } from 'react'
import { PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { useMembers } from './words'

const Delegations = lazy(() => import('./Delegations'))

/** For everybody: who stands in for me, and for whom I do. */
export function DelegationsPage() {
  const t = useMembers()
  return (
    <RecordPage>
      <PageHeader title={t.myDelegations} sub={t.noDelegationsWhy} />
      <Part>
        <Suspense>
          <Delegations />
        </Suspense>
      </Part>
    </RecordPage>
  )
}
