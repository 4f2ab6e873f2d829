import { waitSecondsDefault, waitSecondsMax } from '@holdfast/contracts/gateway/shared'

/** How long an answer may be held back, and what to say about it. */
export interface WaitPreference {
  seconds: number
  /** For `Preference-Applied` (RFC 7240 §3), when the header `Prefer` asked. */
  applied: string | null
}

/**
 * What `?wait=applied` and `Prefer: wait=N` ask for; null when nothing does. `Prefer: wait` leaves the time to us. What cannot be
 * read is ignored (RFC 7240 §2).
 */
export function waitPreference(
  wait: 'applied' | undefined,
  prefer: string | undefined,
): WaitPreference | null {
  const found = /(?:^|,)\s*wait\s*(?:=\s*"?(\d{1,6})"?\s*)?(?=$|[,;])/i.exec(prefer ?? '')
  if (found === null) return wait === undefined ? null : { seconds: waitSecondsDefault, applied: null }
  const seconds = Math.min(waitSecondsMax, Number(found[1] ?? waitSecondsDefault))
  return { seconds, applied: `wait=${seconds}` }
}
