import { useSyncExternalStore } from 'react'

/** Settings of the installation that hold for everybody; the server writes them into the page as data. */
export interface PageSettings {
  appName: string
  defaultTheme: 'system' | 'light' | 'dark'
  enableRegistration: boolean
  logsPerPage: number
  usersPerPage: number
  endpointsPerPage: number
  /** The database is the bundle that npm brought. */
  trialDatabase: boolean
}

/** What holds where no server has written anything: while developing with Vite. */
const fallback: PageSettings = {
  appName: 'Holdfast',
  defaultTheme: 'system',
  enableRegistration: false,
  logsPerPage: 50,
  usersPerPage: 20,
  endpointsPerPage: 50,
  trialDatabase: false,
}

function read(): PageSettings {
  const content = document.querySelector<HTMLMetaElement>('meta[name="holdfast-settings"]')?.content
  return content ? { ...fallback, ...(JSON.parse(content) as Partial<PageSettings>) } : fallback
}

let current = read()
const listeners = new Set<() => void>()

export function pageSettings(): PageSettings {
  return current
}

/** Follows a change that was made here; other browsers see it with their next page. */
export function changePageSettings(changes: Partial<PageSettings>): void {
  current = { ...current, ...changes }
  for (const listener of listeners) listener()
}

export function subscribePageSettings(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The settings that hold for everybody, as this page knows them. */
export function usePageSettings(): PageSettings {
  return useSyncExternalStore(subscribePageSettings, pageSettings)
}
