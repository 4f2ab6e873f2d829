import { useSyncExternalStore } from 'react'
import { pageSettings, subscribePageSettings } from './page-settings.ts'
import { readStored, writeStored } from './stored.ts'

export type Theme = 'system' | 'light' | 'dark'

const key = 'theme'
const listeners = new Set<() => void>()

/** What this browser has chosen, else what the installation says. */
function read(): Theme {
  const stored = readStored(key)
  if (stored === 'light' || stored === 'dark' || stored === 'system') return stored
  return pageSettings().defaultTheme
}

let current = read()

function apply(): void {
  current = read()
  if (current === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = current
  for (const listener of listeners) listener()
}
subscribePageSettings(apply)

/** Chooses a theme for this browser. `public/theme.js` applies it before the first paint. */
export function setTheme(theme: Theme): void {
  writeStored(key, theme)
  apply()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The theme in force. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current)
}
