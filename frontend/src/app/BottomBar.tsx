import { Link } from '@tanstack/react-router'
import { useNav } from './nav'
import { useShell } from './words'

/** The phone's four places; the rest is in the drawer. */
export function BottomBar() {
  const t = useShell()
  const { phone } = useNav()
  return (
    <nav
      aria-label={t.navigation}
      className="fixed inset-x-0 bottom-0 z-20 grid h-[calc(60px+env(safe-area-inset-bottom))] auto-cols-fr grid-flow-col border-line border-t bg-sheet pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {phone.map(({ id, to, icon: Icon }) => (
        <Link
          key={id}
          to={to}
          activeOptions={{ exact: to === '/' }}
          className="focus-ring flex flex-col items-center justify-center gap-0.5 text-meta"
          activeProps={{ className: 'text-accent-text' }}
          inactiveProps={{ className: 'text-ink-2' }}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden />
          {t.nav[id]}
        </Link>
      ))}
    </nav>
  )
}
