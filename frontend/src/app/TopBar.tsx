import { useQuery } from '@tanstack/react-query'
import { Bell, Menu, Search } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { noticeCount } from '../shared/api/notices'
import { cx } from '../shared/lib/cx'
import { IconButton } from '../shared/ui/Button'
import { Kbd } from '../shared/ui/Text'
import { LanguageButton, ThemeButton } from '../shared/ui/Toggles'
import { useShell } from './words'

const BellPopover = lazy(() => import('./BellPopover'))

export function TopBar({ onSearch, onMenu }: { onSearch: () => void; onMenu: () => void }) {
  const t = useShell()
  return (
    <header className="sticky top-0 z-20 flex h-[52px] shrink-0 items-center gap-2 border-line border-b bg-sheet px-2 md:static md:px-6">
      <IconButton label={t.menu} icon={<Menu size={20} aria-hidden />} onPress={onMenu} className="md:hidden" />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K"
        className="hit focus-ring flex h-[34px] min-w-0 flex-1 items-center gap-2.5 rounded-control border border-line bg-sunken px-3 text-ink-3 hover:border-line-strong md:max-w-[370px]"
      >
        <Search size={16} className="shrink-0" aria-hidden />
        <span className="min-w-0 flex-1 truncate text-left">{t.searchHint}</span>
        <span className="hidden gap-1 md:flex" aria-hidden>
          <Kbd>Ctrl</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <div className="ml-auto flex items-center md:gap-1">
        <BellButton />
        <LanguageButton />
        <ThemeButton />
      </div>
    </header>
  )
}

function BellButton() {
  const t = useShell()
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const count = useQuery(noticeCount).data
  const unread = (count?.needs ?? 0) + (count?.info ?? 0)
  return (
    <span className="relative">
      <IconButton
        ref={trigger}
        label={unread ? t.bellUnread(unread) : t.bell}
        aria-haspopup="dialog"
        aria-expanded={open}
        icon={<Bell size={18} aria-hidden />}
        onPress={() => setOpen(true)}
      />
      {unread > 0 && (
        <span
          aria-hidden
          className={cx(
            'num pointer-events-none absolute top-0 right-0 grid h-4 min-w-4 place-items-center rounded-full px-1 text-[10px] text-ink-on leading-none',
            count?.needs ? 'bg-cinnabar' : 'bg-ink-3',
          )}
        >
          {Math.min(count?.needs || unread, 99)}
        </span>
      )}
      <Suspense>{open && <BellPopover trigger={trigger} onClose={() => setOpen(false)} />}</Suspense>
    </span>
  )
}
