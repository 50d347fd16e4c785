import { NavLinks } from './NavLinks'
import { TenantButton, UserButton } from './Switchers'

export function Sidebar() {
  return (
    <div className="hidden min-h-0 flex-col gap-4 px-2.5 pt-3 pb-3 md:flex">
      <TenantButton />
      <div className="min-h-0 flex-1 overflow-auto">
        <NavLinks />
      </div>
      <UserButton />
    </div>
  )
}
