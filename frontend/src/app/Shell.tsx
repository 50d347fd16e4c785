import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { api } from '../shared/api/client'
import { conflict } from '../shared/api/conflict'
import { useEvents } from '../shared/api/events'
import { useMe } from '../shared/api/session'
import { offline } from '../shared/api/transport'
import { type Locale, setLocale, useLocale } from '../shared/i18n'
import { useCommon } from '../shared/i18n/common'
import { keep } from '../shared/lib/store'
import { AriaBridge } from '../shared/ui/AriaBridge'
import { ToastRegion } from '../shared/ui/Toast'
import { BottomBar } from './BottomBar'
import { Sidebar } from './Sidebar'
import { TopBar } from './TopBar'
import { useShell } from './words'

const Palette = lazy(() => import('./Palette'))
const Drawer = lazy(() => import('./Drawer'))
const ConflictDialog = lazy(() => import('./ConflictDialog'))
const StandInBar = lazy(() => import('./StandInBar'))

/** The frame around every page of a signed-in person. */
export function Shell() {
  const t = useShell()
  const me = useMe()
  const [palette, setPalette] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const question = conflict.use()
  useEvents()

  useKeptLocale(me.locale)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setPalette((open) => !open)
      }
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])

  return (
    <AriaBridge>
      <a
        href="#main"
        className="focus-ring sr-only z-50 rounded-control bg-ink px-4 py-2 text-ink-on focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t.skip}
      </a>
      <div className="md:grid md:h-dvh md:grid-cols-[236px_minmax(0,1fr)]">
        <Sidebar />
        <div className="flex min-h-dvh flex-col bg-sheet pb-[calc(60px+env(safe-area-inset-bottom))] md:my-2 md:mr-2 md:min-h-0 md:overflow-hidden md:rounded-sheet md:border md:border-line md:pb-0">
          <TopBar onSearch={() => setPalette(true)} onMenu={() => setDrawer(true)} />
          <OfflineBar />
          <Suspense>{me.memberships.some((one) => one.on_behalf) && <StandInBar />}</Suspense>
          <FactorBar />
          <main id="main" tabIndex={-1} className="relative min-h-0 flex-1 outline-none md:overflow-auto">
            {/* another seat is another page, even at the same address */}
            <Outlet key={me.membership.id} />
          </main>
        </div>
      </div>
      <BottomBar />
      <Suspense>
        {palette && <Palette onClose={() => setPalette(false)} />}
        {drawer && <Drawer onClose={() => setDrawer(false)} />}
        {question && <ConflictDialog {...question} />}
      </Suspense>
      <ToastRegion />
    </AriaBridge>
  )
}

/** The server's choice counts on a new device; after that the server follows ours, for its mails. */
function useKeptLocale(known: Locale) {
  const chosen = useLocale()
  useEffect(() => {
    if (chosen === known) return
    if (keep.get('locale')) api.PUT('/api/me/locale', { body: { locale: chosen } }).catch(() => {})
    else void setLocale(known)
  }, [chosen, known])
}

/** What waits for a second factor, and where to get one. */
function FactorBar() {
  const t = useShell()
  const { enrolled, required, satisfied } = useMe().second_factor
  if (satisfied || !(required || enrolled)) return null
  return (
    <p className="shrink-0 bg-amber-soft px-4 py-2 text-amber text-small md:px-8">
      {enrolled ? t.factor.raise : t.factor.enrol}{' '}
      <Link to="/preferences/security" className="hit focus-ring rounded-check font-medium underline underline-offset-4">
        {t.factor.go}
      </Link>
    </p>
  )
}

function OfflineBar() {
  const t = useCommon()
  if (!offline.use()) return null
  return (
    <p role="status" className="shrink-0 bg-amber-soft px-4 py-2 text-amber text-small md:px-8">
      {t.offlineBar}
    </p>
  )
}
