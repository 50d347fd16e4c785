import { type ReactNode, useEffect } from 'react'
import { useCommon } from '../i18n/common'
import { cx } from '../lib/cx'
import { AriaBridge } from './AriaBridge'
import { ToastRegion } from './Toast'
import { LanguageButton, ThemeButton } from './Toggles'

type Props = {
  title: string
  sub?: ReactNode
  children: ReactNode /** Beside the form, on the sunken half. */
  aside?: ReactNode
  wide?: boolean
}

/** Pages before signing in: one sheet on the canvas. */
export function PublicFrame({ title, sub, children, aside, wide }: Props) {
  const t = useCommon()
  useEffect(() => {
    document.title = `${title} · ${t.product}`
  }, [title, t])
  return (
    <AriaBridge>
      <div className="flex min-h-dvh flex-col">
        <header className="flex h-16 items-center justify-between gap-3 px-4 md:px-8">
          <span className="flex items-center gap-2.5 font-semibold text-section">
            <Mark />
            {t.product}
            <span className="font-normal text-ink-3 text-small">{t.productShort}</span>
          </span>
          <span className="flex items-center">
            <LanguageButton />
            <ThemeButton />
          </span>
        </header>
        <main className="flex flex-1 justify-center px-3 pt-[3vh] pb-12 md:px-6 md:pt-[7vh]">
          <div
            className={cx(
              'grid h-fit w-full grid-cols-1 overflow-hidden rounded-sheet border border-line bg-sheet',
              aside ? 'max-w-[920px] md:grid-cols-[minmax(0,1fr)_400px]' : wide ? 'max-w-[760px]' : 'max-w-[460px]',
            )}
          >
            <div className="p-5 md:p-10">
              <h1 className="font-semibold text-title">{title}</h1>
              {sub && <p className="mt-1 text-ink-3">{sub}</p>}
              <div className="mt-6">{children}</div>
            </div>
            {aside && <div className="border-line bg-sunken p-5 max-md:border-t md:border-l md:p-6">{aside}</div>}
          </div>
        </main>
      </div>
      <ToastRegion />
    </AriaBridge>
  )
}

function Mark() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="fill-hero" />
      <path d="M6 19h4v7H6zM11.5 15h4v11h-4zM17 11h4v15h-4zM22.5 6h4v20h-4z" className="fill-hero-on" />
    </svg>
  )
}
