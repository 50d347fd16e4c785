import { useSyncExternalStore } from 'react'

/** A value outside React that components can watch. */
export function createStore<T>(initial: T) {
  let value = initial
  const listeners = new Set<() => void>()
  const subscribe = (fn: () => void) => {
    listeners.add(fn)
    return () => void listeners.delete(fn)
  }
  return {
    get: () => value,
    set(next: T) {
      if (Object.is(next, value)) return
      value = next
      for (const fn of listeners) fn()
    },
    subscribe,
    use: () =>
      useSyncExternalStore(
        subscribe,
        () => value,
        () => value,
      ),
  }
}

/** localStorage that may be full or forbidden. */
export const keep = {
  get(key: string) {
    try {
      return localStorage.getItem(`ecoport.${key}`)
    } catch {
      return null
    }
  },
  set(key: string, value: string | null) {
    try {
      if (value === null) localStorage.removeItem(`ecoport.${key}`)
      else localStorage.setItem(`ecoport.${key}`, value)
    } catch {}
  },
}
