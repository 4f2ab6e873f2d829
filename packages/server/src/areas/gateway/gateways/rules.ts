import type { GatewayEntity } from '@holdfast/contracts/gateway/tenants'
import type { StoredGateway } from './model.ts'

/** A gateway that is connected says something every 30 seconds. */
export const onlineMs = 90_000

/** Whether a gateway is connected: not gone, and heard of lately. */
export function isOnline(
  gateway: Pick<StoredGateway, 'disconnectedAt' | 'lastSeenAt'>,
  nowMs: number,
): boolean {
  return (
    gateway.disconnectedAt === null &&
    gateway.lastSeenAt !== null &&
    Date.parse(gateway.lastSeenAt) > nowMs - onlineMs
  )
}

/** As it is shown, when the newest revision is `revision`. */
export function shownGateway(stored: StoredGateway, revision: number, nowMs: number): GatewayEntity {
  const { disconnectedAt: _, ...gateway } = stored
  return {
    ...gateway,
    online: isOnline(stored, nowMs),
    behind: Math.max(0, revision - (stored.appliedRevision ?? 0)),
  }
}
