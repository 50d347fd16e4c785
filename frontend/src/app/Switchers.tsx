import { ChevronsUpDown } from 'lucide-react'
import { lazy, type ReactNode, type RefObject, Suspense, useRef, useState } from 'react'
import { useMe } from '../shared/api/session'
import { useRoleName } from '../shared/i18n/common'
import { Button } from '../shared/ui/Button'
import { useShell } from './words'

const TenantMenu = lazy(() => import('./menus').then((module) => ({ default: module.TenantMenu })))
const UserMenu = lazy(() => import('./menus').then((module) => ({ default: module.UserMenu })))

export type MenuProps = { trigger: RefObject<HTMLButtonElement | null>; onClose: () => void }

/** Two lines and a mark that open a menu, which is fetched when first wanted. */
function Switcher({
  mark,
  title,
  sub,
  label,
  children,
}: {
  mark: ReactNode
  title: string
  sub: string
  label: string
  children: (props: MenuProps) => ReactNode
}) {
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        ref={trigger}
        variant="quiet"
        aria-haspopup="menu"
        aria-expanded={open}
        onPress={() => setOpen(true)}
        onMouseEnter={() => void import('./menus')}
        className="!h-12 w-full !justify-start !gap-2.5 !px-2 text-left"
      >
        {mark}
        <span className="min-w-0 flex-1 leading-[18px]">
          <span className="block truncate font-medium text-ink">{title}</span>
          <span className="block truncate text-ink-3 text-meta">{sub}</span>
        </span>
        <span className="sr-only">{label}</span>
        <ChevronsUpDown size={15} className="shrink-0 text-ink-3" aria-hidden />
      </Button>
      {open && <Suspense>{children({ trigger, onClose: () => setOpen(false) })}</Suspense>}
    </>
  )
}

const initial = (name: string) => [...name][0]?.toUpperCase() ?? ''

export function TenantButton() {
  const t = useShell()
  const { membership } = useMe()
  return (
    <Switcher
      label={t.switchTenant}
      title={membership.tenant_name}
      sub={membership.on_behalf ? `→ ${membership.on_behalf}` : t.tagline}
      mark={
        <span className="grid size-8 shrink-0 place-items-center rounded-control bg-hero font-semibold text-hero-on">
          {initial(membership.tenant_short)}
        </span>
      }
    >
      {(props) => <TenantMenu {...props} />}
    </Switcher>
  )
}

export function UserButton() {
  const t = useShell()
  const { user, membership } = useMe()
  const name = useRoleName()
  return (
    <Switcher
      label={t.account}
      title={user.name}
      sub={membership.roles.map(name).join(' · ')}
      mark={
        <span className="grid size-8 shrink-0 place-items-center rounded-full border border-line-strong bg-neutral-soft font-medium text-small">
          {initial(user.name)}
        </span>
      }
    >
      {(props) => <UserMenu {...props} />}
    </Switcher>
  )
}
