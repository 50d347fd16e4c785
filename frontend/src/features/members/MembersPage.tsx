import { lazy, Suspense } from 'react'
import { useFilters } from '../../shared/lib/search'
import { PageHeader } from '../../shared/ui/Layout'
import { Part } from '../../shared/ui/Part'
import { RecordPage } from '../../shared/ui/Record'
import { SegmentedControl } from '../../shared/ui/Tabs'
import { People } from './People'
import { useMembers } from './words'

const Roles = lazy(() => import('./Roles'))
const Delegations = lazy(() => import('./Delegations'))
const Review = lazy(() => import('./Review'))

const views = ['people', 'roles', 'delegations', 'review'] as const
type View = (typeof views)[number]

/** People of the tenant: who they are, what they may do, who stands in for whom, and the quarterly look at all of it. */
export function MembersPage() {
  const t = useMembers()
  const [{ view = 'people' }, set] = useFilters<{ view?: View }>()
  return (
    <RecordPage>
      <PageHeader title={t.title} sub={t.sub} />
      <SegmentedControl
        label={t.title}
        className="mb-5 max-w-full self-start overflow-x-auto"
        items={views.map((id) => ({ id, label: t.views[id] }))}
        value={views.includes(view) ? view : 'people'}
        onChange={(next) => set({ view: next === 'people' ? undefined : next })}
      />
      <Part>
        <Suspense>
          {view === 'roles' ? <Roles /> : view === 'delegations' ? <Delegations /> : view === 'review' ? <Review /> : <People />}
        </Suspense>
      </Part>
    </RecordPage>
  )
}
