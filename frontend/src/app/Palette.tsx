import { useRouter } from '@tanstack/react-router'
import { CornerDownLeft, Languages, LogOut, Moon, Search, Settings2, Sun } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components'
import { setLocale, useLocale } from '../shared/i18n'
import { useCommon } from '../shared/i18n/common'
import { useSignOut } from '../shared/lib/enter'
import { dark, setTheme } from '../shared/lib/prefs'
import { optionClass } from '../shared/ui/Select'
import { useNav } from './nav'
import { useLiveHits } from './paletteHits'
import { useShell } from './words'

type Hit = { id: string; label: string; detail?: string; icon: ReactNode; act: () => unknown }

/** Ctrl K: what is listed matches what is typed. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useShell()
  const common = useCommon()
  const router = useRouter()
  const { entries } = useNav()
  const isDark = dark.use()
  const lang = useLocale()
  const signOut = useSignOut()
  const { contains } = useFilter({ sensitivity: 'base' })
  const [text, setText] = useState('')
  const live = useLiveHits(text)

  const pages: Hit[] = entries.map(({ id, to, icon: Icon }) => ({
    id,
    label: t.nav[id],
    icon: <Icon size={17} aria-hidden />,
    act: () => router.navigate({ href: to }),
  }))
  const actions: Hit[] = [
    {
      id: 'theme',
      label: isDark ? common.toLight : common.toDark,
      icon: isDark ? <Sun size={17} aria-hidden /> : <Moon size={17} aria-hidden />,
      act: () => setTheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'language',
      label: lang === 'zh' ? t.actions.english : t.actions.chinese,
      icon: <Languages size={17} aria-hidden />,
      act: () => setLocale(lang === 'zh' ? 'en' : 'zh'),
    },
    {
      id: 'preferences',
      label: t.actions.preferences,
      icon: <Settings2 size={17} aria-hidden />,
      act: () => router.navigate({ to: '/preferences' }),
    },
    { id: 'out', label: t.actions.signOut, icon: <LogOut size={17} aria-hidden />, act: signOut },
  ]
  const matching = (hits: Hit[]) => hits.filter((hit) => contains(hit.label, text.trim()))
  const sections = [
    { id: 'pages', title: t.palette.pages, hits: matching(pages) },
    ...live.sections.map(({ id, hits }) => ({
      id,
      title: t.palette[id],
      hits: hits.map((hit) => ({ ...hit, act: () => router.navigate({ href: hit.href }) })),
    })),
    { id: 'actions', title: t.palette.actions, hits: matching(actions) },
  ].filter((section) => section.hits.length > 0)
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex justify-center bg-scrim px-3 pt-3 md:pt-[12vh]"
    >
      <Modal className="h-fit w-full max-w-[556px] animate-in overflow-hidden rounded-sheet bg-raised shadow-pop">
        <Dialog aria-label={t.searchHint} className="outline-none">
          <Autocomplete inputValue={text} onInputChange={setText} filter={() => true}>
            <SearchField autoFocus aria-label={t.searchHint} className="flex h-[52px] items-center gap-3 border-line border-b px-4">
              <Search size={18} className="shrink-0 text-ink-3" aria-hidden />
              <Input
                placeholder={t.searchHint}
                className="min-w-0 flex-1 bg-transparent text-section outline-none [&::-webkit-search-cancel-button]:hidden"
              />
            </SearchField>
            <Menu
              aria-label={t.searchHint}
              className="max-h-[min(440px,60dvh)] overflow-auto p-2 outline-none"
              renderEmptyState={() => (
                <p className="px-2.5 py-6 text-center text-ink-3">{live.isSearching ? t.palette.searching : t.palette.none}</p>
              )}
            >
              {sections.map((section) => (
                <MenuSection key={section.id}>
                  <Header className="px-2.5 py-1.5 text-ink-3 text-meta">{section.title}</Header>
                  {section.hits.map((hit) => (
                    <MenuItem
                      key={hit.id}
                      id={hit.id}
                      textValue={hit.label}
                      onAction={() => {
                        onClose()
                        void hit.act()
                      }}
                      className={`${optionClass} !gap-3 !py-2`}
                    >
                      {hit.icon}
                      <span className="min-w-0 flex-1 truncate">{hit.label}</span>
                      {hit.detail && <span className="shrink-0 truncate text-ink-3 text-small">{hit.detail}</span>}
                    </MenuItem>
                  ))}
                </MenuSection>
              ))}
            </Menu>
          </Autocomplete>
          <footer className="flex items-center gap-2 border-line border-t px-4 py-2 text-ink-3 text-meta">
            <CornerDownLeft size={14} aria-hidden />
            {t.palette.go}
            {live.isSearching && (
              <span role="status" className="ml-auto">
                {t.palette.searching}
              </span>
            )}
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
