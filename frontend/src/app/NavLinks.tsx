import { Link } from '@tanstack/react-router'
import { useNav } from './nav'
import { useShell } from './words'

/** Grouped navigation, for the sidebar and the phone's drawer. */
export function NavLinks({ onGo }: { onGo?: () => void }) {
  const t = useShell()
  const { entries } = useNav()
  const groups = [...new Set(entries.map((entry) => entry.group))]
  return (
    <nav aria-label={t.navigation} className="flex flex-col gap-5">
      {groups.map((group) => (
        <div key={group}>
          <h2 className="px-2.5 pb-1 text-ink-3 text-meta">{t.groups[group]}</h2>
          <ul className="flex flex-col gap-px">
            {entries
              .filter((entry) => entry.group === group)
              .map(({ id, to, icon: Icon }) => (
                <li key={id}>
                  <Link
                    to={to}
                    onClick={onGo}
                    activeOptions={{ exact: to === '/' }}
                    className="hit focus-ring flex h-[34px] items-center gap-2.5 rounded-control border px-2.5"
                    activeProps={{ className: 'border-line bg-sheet font-medium text-ink' }}
                    inactiveProps={{ className: 'border-transparent text-ink-2 hover:bg-neutral-soft' }}
                  >
                    <Icon size={17} strokeWidth={1.75} aria-hidden />
                    {t.nav[id]}
                  </Link>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
