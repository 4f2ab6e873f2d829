import { useSyncExternalStore } from 'react'

export type Connection = 'online' | 'offline'

let state: Connection = 'online'
const listeners = new Set<() => void>()

/** Told by every request and every event stream what it saw. */
export function reportConnection(next: Connection): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

export function currentConnection(): Connection {
  return state
}

export function subscribeConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the server answers, as far as the last attempt knows. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribeConnection, currentConnection)
}
