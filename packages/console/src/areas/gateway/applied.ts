import { plural } from '../../lib/format.ts'

/** How many of the connected gateways have a change, from `X-Config-Applied`; null when nobody was waited for. */
export function appliedBy(headers: Headers): { applied: number; connected: number } | null {
  const [, applied, connected] = /^(\d+)\/(\d+)$/.exec(headers.get('x-config-applied') ?? '') ?? []
  return applied === undefined ? null : { applied: Number(applied), connected: Number(connected) }
}

/** What to say when not every connected gateway has the change yet; undefined when all have. */
export function waitingFor(headers: Headers | undefined): string | undefined {
  const standing = headers === undefined ? null : appliedBy(headers)
  if (standing === null || standing.applied >= standing.connected) return undefined
  const { applied, connected } = standing
  return `${applied} of ${plural(connected, 'connected gateway')} ${applied === 1 ? 'has' : 'have'} it so far. Overview shows who is behind.`
}
