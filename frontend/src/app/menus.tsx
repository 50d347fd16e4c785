import { CalendarClock, LogOut, Settings2 } from 'lucide-react'
import { type Membership, useMe } from '../shared/api/session'
import { useRoleName } from '../shared/i18n/common'
import { useSignOut, useSwitchTenant } from '../shared/lib/enter'
import { MenuList } from '../shared/ui/Menu'
import { Popover } from '../shared/ui/Popover'
import { stay } from './nav'
import type { MenuProps } from './Switchers'
import { useStandIn } from './standIn'
import { useShell } from './words'

const open = ({ trigger, onClose }: MenuProps) => ({ triggerRef: trigger, isOpen: true, onOpenChange: (now: boolean) => !now && onClose() })

export function TenantMenu(props: MenuProps) {
  const t = useShell()
  const away = useStandIn()
  const { membership, memberships } = useMe()
  const name = useRoleName()
  const switchTo = useSwitchTenant()
  const lent = memberships.filter((one) => one.on_behalf)
  const entry = (one: Membership) => ({
    id: one.id,
    label: one.on_behalf ? away.forWhom(one.on_behalf) : one.tenant_name,
    detail: one.roles.map(name).join(' · '),
    isChecked: one.id === membership.id,
    onAction: () => {
      props.onClose()
      if (one.id !== membership.id) switchTo(one.id, stay)
    },
  })
  return (
    <Popover {...open(props)} aria-label={t.switchTenant} placement="bottom start" className="min-w-60">
      <MenuList
        label={t.switchTenant}
        groups={[
          {
            id: 'tenants',
            title: t.tenants,
            entries: memberships.filter((one) => !one.on_behalf).map(entry),
          },
          ...(lent.length ? [{ id: 'lent', title: away.standIn, entries: lent.map(entry) }] : []),
        ]}
      />
    </Popover>
  )
}

export function UserMenu(props: MenuProps) {
  const t = useShell()
  const away = useStandIn()
  const { user } = useMe()
  const signOut = useSignOut()
  return (
    <Popover {...open(props)} aria-label={t.account} placement="top start" className="min-w-60">
      <MenuList
        label={t.account}
        groups={[
          {
            id: 'who',
            title: user.email,
            entries: [
              {
                id: 'preferences',
                label: t.nav.preferences,
                icon: <Settings2 size={16} aria-hidden />,
                href: '/preferences',
                onAction: props.onClose,
              },
              {
                id: 'delegations',
                label: away.page,
                icon: <CalendarClock size={16} aria-hidden />,
                href: '/delegations',
                onAction: props.onClose,
              },
            ],
          },
          { id: 'out', entries: [{ id: 'out', label: t.signOut, icon: <LogOut size={16} aria-hidden />, onAction: signOut }] },
        ]}
      />
    </Popover>
  )
}
