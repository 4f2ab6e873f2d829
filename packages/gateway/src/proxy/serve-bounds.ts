import type { Call } from './call.ts'

const bodySizeBytesMaxDefault = 10 * 1024 * 1024

/** What this request's body may measure: the route says, else the tenant. */
export function bodySizeBytesMax({ route, snapshot }: Call): number {
  return route?.config.bodySizeBytesMax ?? snapshot.settings?.bodySizeBytesMax ?? bodySizeBytesMaxDefault
}
