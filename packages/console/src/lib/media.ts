import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds, following changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

/** Narrower than this the rail is a sheet and tables are cards. */
export function usePhone(): boolean {
  return useMedia('(max-width: 767px)')
}
