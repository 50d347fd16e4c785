import { createStore, keep } from './store'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'normal' | 'compact'

const stored = keep.get('theme')
export const themePref = createStore<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')
export const density = createStore<Density>(keep.get('density') === 'compact' ? 'compact' : 'normal')

const systemDark = globalThis.matchMedia?.('(prefers-color-scheme: dark)')
const isDark = () => themePref.get() === 'dark' || (themePref.get() === 'system' && !!systemDark?.matches)
export const dark = createStore(isDark())

function apply() {
  dark.set(isDark())
  document.documentElement.dataset.theme = dark.get() ? 'dark' : 'light'
  document.documentElement.dataset.density = density.get()
}

export function setTheme(theme: Theme) {
  themePref.set(theme)
  keep.set('theme', theme === 'system' ? null : theme)
  apply()
}

export function setDensity(next: Density) {
  density.set(next)
  keep.set('density', next === 'normal' ? null : next)
  apply()
}

export function startPrefs() {
  systemDark?.addEventListener('change', apply)
  apply()
}
