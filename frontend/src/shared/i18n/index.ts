import { use } from 'react'
import { createStore, keep } from '../lib/store'

export type Locale = 'zh' | 'en'

type Fn = (...args: never[]) => string
/** The shape another language must fill: same keys, text for text, function for function. */
export type Dict<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends Fn ? (...args: Parameters<T[K]>) => string : Dict<T[K]>
}

export const locale = createStore<Locale>(keep.get('locale') === 'en' ? 'en' : 'zh')
export const useLocale = locale.use

const loaders = new Set<() => Promise<unknown>>()

/**
 * A feature's words: Chinese comes with the feature, English as a lazy chunk.
 * The returned hook suspends only if English is asked for before it is there.
 */
export function defineDict<T extends object>(zh: T, loadEn: () => Promise<{ default: Dict<T> }>) {
  let en: Dict<T> | undefined
  let pending: Promise<Dict<T>> | undefined
  const load = () => {
    pending ??= loadEn().then((module) => {
      en = module.default
      // React reads these, so a dictionary that is there never suspends
      Object.assign(pending as object, { status: 'fulfilled', value: en })
      return en
    })
    return pending
  }
  loaders.add(load)
  if (locale.get() === 'en') void load()
  // biome-ignore lint/correctness/noComponentHookFactories: called once per feature, at module level
  const useT = (): Dict<T> => {
    if (locale.use() === 'zh') return zh as Dict<T>
    return use(load())
  }
  /** For words needed outside a component. */
  const now = (): Dict<T> => (locale.get() === 'en' && en ? en : (zh as Dict<T>))
  return Object.assign(useT, { now })
}

/** Waits for every dictionary in use, then switches at once. */
export async function setLocale(next: Locale) {
  if (next === 'en') await Promise.all([...loaders].map((load) => load()))
  keep.set('locale', next)
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  locale.set(next)
}
