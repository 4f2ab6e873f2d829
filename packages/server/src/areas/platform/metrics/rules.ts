import { getMetrics } from '@holdfast/contracts/platform/metrics'
import type { Actor } from '../../../context.ts'
import { holds } from '../../../rights.ts'

const forwardingHeaders = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/**
 * Whether a scrape comes from this machine itself. What a reverse proxy passes on looks like that too, so that nothing
 * that was forwarded counts, and nothing at all where the configuration says that a proxy stands in front.
 */
export function isLocalScrape(request: {
  ip: string | null
  headers: Readonly<Record<string, string | undefined>>
  isBehindProxy: boolean
}): boolean {
  const { ip, headers, isBehindProxy } = request
  if (isBehindProxy || forwardingHeaders.some((name) => headers[name] !== undefined)) return false
  return ip !== null && /^(127\.|::1$|::ffff:127\.)/.test(ip)
}

/** Whoever may read the log may read these figures. */
export function mayScrape(actor: Actor): boolean {
  if (actor.kind !== 'user' || actor.mustChangePassword === true) return false
  return actor.isAdmin || holds(actor, 'view_logs', getMetrics)
}
