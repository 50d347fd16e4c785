import { useCallback, useSyncExternalStore } from 'react'

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (fn: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', fn)
      return () => media.removeEventListener('change', fn)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
