import type { StreamState } from '../lib/events.ts'
import { Badge } from './badge.tsx'

/** Whether what is on screen follows the changes of others. */
export function LiveState({ state }: { state: StreamState }) {
  if (state === 'live') {
    return (
      <Badge tone="ok" dot>
        Live
      </Badge>
    )
  }
  if (state === 'stale') {
    return (
      <Badge tone="warn" dot>
        May be old
      </Badge>
    )
  }
  return null
}
