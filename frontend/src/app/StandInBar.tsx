import { useMe } from '../shared/api/session'
import { useSwitchTenant } from '../shared/lib/enter'
import { Button } from '../shared/ui/Button'
import { Time } from '../shared/ui/Text'
import { stay } from './nav'
import { useStandIn } from './standIn'

/** Whose work this is while standing in, and the way back; otherwise that somebody's work waits here. */
export default function StandInBar() {
  const t = useStandIn()
  const { membership, memberships } = useMe()
  const switchTo = useSwitchTenant()
  const own = memberships.find((one) => !one.on_behalf && one.tenant_id === membership.tenant_id)
  const lent = memberships.filter((one) => one.on_behalf && one.id !== membership.id)
  return (
    <p
      role="status"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 bg-accent-soft px-4 py-1.5 text-accent-text text-small md:px-8"
    >
      {membership.on_behalf ? (
        <>
          {t.standingIn(membership.on_behalf)}
          {membership.until && <Time value={membership.until} as="dateTime" />}
          {own && (
            <Button size="small" onPress={() => switchTo(own.id, stay)}>
              {t.backToOwn}
            </Button>
          )}
        </>
      ) : (
        lent.map((one) => (
          <span key={one.id} className="flex items-center gap-2">
            {t.standInFor(one.on_behalf ?? '')}
            <Button size="small" onPress={() => switchTo(one.id, stay)}>
              {t.toTheirs}
            </Button>
          </span>
        ))
      )}
    </p>
  )
}
