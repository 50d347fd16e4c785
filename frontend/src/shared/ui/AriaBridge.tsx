import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'
import { useLocale } from '../i18n'

/** Lets the component kit speak the chosen language and navigate inside the app. */
export function AriaBridge({ children }: { children: ReactNode }) {
  const router = useRouter()
  const lang = useLocale()
  return (
    <I18nProvider locale={lang === 'zh' ? 'zh-CN' : 'en-US'}>
      <RouterProvider navigate={(href) => void router.navigate({ href })}>{children}</RouterProvider>
    </I18nProvider>
  )
}
