import type { Context } from '../../../context.ts'

export interface StoredGateway {
  id: string
  keyId: string
  hostname: string | null
  version: string | null
  address: string | null
  connectedAt: string | null
  lastSeenAt: string | null
  disconnectedAt: string | null
  appliedRevision: number | null
  droppedEvents: number
  previousEnd: 'stop' | 'crash' | null
}

/** How far the gateways of a tenant are, and when that may have changed. */
export interface GatewayStandings {
  /** How many are connected and were heard of after `since`, and how many of these have put `revision` into force. */
  standing(ctx: Context, revision: number, since: Date): Promise<{ connected: number; applied: number }>
  /** Null: anything may have changed. */
  listen(handler: (organizationId: string | null) => void): Promise<() => Promise<void>>
}
