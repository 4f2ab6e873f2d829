import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'
import type { Refusal } from '../../../http/refusal.ts'
import type { NewActivity } from './rules.ts'
import { sourceOf } from './rules.ts'

/** So many rows a minute for each person; what goes beyond is counted, and told with the next row. */
export const refusalsLoggedMax = 10
const windowMs = 60_000
const peopleMax = 10_000

interface Window {
  endsMs: number
  logged: number
  unlogged: number
}

/**
 * Notes in the activity log which changes were refused to somebody whose credential is good. The audit chain has what was
 * changed; a refusal changes nothing, and nobody may fill the log by being refused.
 */
export function createRefusalLog({
  record,
  clock,
}: {
  record: (entry: NewActivity) => void
  clock: Clock
}): (refusal: Refusal) => void {
  const windows = new LRUCache<string, Window>({ max: peopleMax })
  return ({ actor, method, path, status, code, requestId, ip, userAgent }) => {
    const nowMs = clock.nowMs()
    const known = windows.get(actor.userId)
    const isOver = known === undefined || known.endsMs <= nowMs
    const window = isOver ? { endsMs: nowMs + windowMs, logged: 0, unlogged: known?.unlogged ?? 0 } : known
    windows.set(actor.userId, window)
    if (window.logged >= refusalsLoggedMax) {
      window.unlogged += 1
      return
    }
    const { unlogged } = window
    window.logged += 1
    window.unlogged = 0
    record({
      action: 'access_denied',
      message: `${actor.login} was refused ${method} ${path}`,
      source: sourceOf(actor),
      userId: actor.userId,
      ip,
      userAgent,
      requestId,
      statusCode: status,
      details: { code, ...(unlogged > 0 && { notLoggedBefore: unlogged }) },
    })
  }
}
