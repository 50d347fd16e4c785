import { lazy, Suspense, useState } from 'react'
import { useWrite } from '../../shared/api/mutate'
import { Button } from '../../shared/ui/Button'
import { toast } from '../../shared/ui/Toast'
import { useTestPlans } from './planWords'
import { publishTestPlan, type TestPlan } from './queries'

const ReasonDialog = lazy(() => import('../../shared/ui/ReasonDialog'))

/** Publishes what the checker has seen, and nothing that came after. */
export function PublishPlan({ plan }: { plan: TestPlan }) {
  const t = useTestPlans()
  const [asking, setAsking] = useState(false)
  const publish = useWrite({
    run: (version: number, { headers }) => publishTestPlan(plan.id, version, headers),
    touches: ['certification_plan', 'home'],
    onDone: () => {
      setAsking(false)
      toast(t.published)
    },
  })
  return (
    <>
      <Button variant="primary" onPress={() => setAsking(true)}>
        {t.publish}
      </Button>
      <Suspense>
        {asking && (
          <ReasonDialog
            ask={{ title: t.publishAsk, help: t.publishWhy }}
            action={t.publish}
            isPending={publish.isPending}
            problem={publish.error ?? undefined}
            onClose={() => setAsking(false)}
            onGo={() => publish.mutate(plan.version)}
          />
        )}
      </Suspense>
    </>
  )
}
