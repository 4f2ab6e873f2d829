import { useSyncExternalStore } from 'react'

/** One timer for every relative time on the page; it runs only while something listens. */
const tickMs = 30_000
let now = new Date()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    now = new Date()
    timer = setInterval(() => {
      now = new Date()
      for (const notifyListener of listeners) notifyListener()
    }, tickMs)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The present moment, renewed every half minute. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now)
}
