import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { request } from '../lib/client.ts'
import { useConnection } from '../lib/connection.ts'

const probeEveryMs = 3_000

/** Silent while all is well. When the server stops answering it says so, keeps asking, and then renews what is shown. */
export function ConnectionState() {
  const connection = useConnection()
  const queries = useQueryClient()

  useEffect(() => {
    if (connection === 'online') return undefined
    const probe = () => {
      request({ path: '/health' }).then(
        () => queries.invalidateQueries(),
        // Still away: the next probe comes by itself.
        () => undefined,
      )
    }
    const timer = setInterval(probe, probeEveryMs)
    window.addEventListener('online', probe)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', probe)
    }
  }, [connection, queries])

  return (
    <div role="status" className="text-xs">
      {connection === 'offline' && (
        <span className="flex h-6 items-center gap-1.5 rounded-sm bg-warn-soft px-2 font-medium text-warn-ink">
          <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-current" />
          Reconnecting
          <span className="max-sm:hidden">; what you see may be old</span>
        </span>
      )}
    </div>
  )
}
