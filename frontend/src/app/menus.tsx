import { LogOut, Settings2 } from 'lucide-react'
import { useMe } from '../shared/api/session'
import { useRoleName } from '../shared/i18n/common'
import { useSignOut, useSwitchTenant } from '../shared/lib/enter'
import { MenuList } from '../shared/ui/Menu'
import { Popover } from '../shared/ui/Popover'
import type { MenuProps } from './Switchers'
import { useShell } from './words'

const open = ({ trigger, onClose }: MenuProps) => ({ triggerRef: trigger, isOpen: true, onOpenChange: (now: boolean) => !now && onClose() })

export function TenantMenu(props: MenuProps) {
  const t = useShell()
  const { membership, memberships } = useMe()
  const name = useRoleName()
  const switchTo = useSwitchTenant()
  return (
    <Popover {...open(props)} aria-label={t.switchTenant} placement="bottom start" className="min-w-60">
      <MenuList
        label={t.switchTenant}
        groups={[
          {
            id: 'tenants',
            title: t.tenants,
            entries: memberships.map((one) => ({
              id: one.id,
              label: one.tenant_name,
              detail: one.roles.map(name).join(' · '),
              isChecked: one.id === membership.id,
              onAction: () => {
                props.onClose()
                if (one.id !== membership.id) switchTo(one.id)
              },
            })),
          },
        ]}
      />
    </Popover>
  )
}

export function UserMenu(props: MenuProps) {
  const t = useShell()
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
            ],
          },
          { id: 'out', entries: [{ id: 'out', label: t.signOut, icon: <LogOut size={16} aria-hidden />, onAction: signOut }] },
        ]}
      />
    </Popover>
  )
}
