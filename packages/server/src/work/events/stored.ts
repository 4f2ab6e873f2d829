import type { EventType } from '@holdfast/contracts/events'

/** An event as consumers and subscribers get it. */
export interface StoredEvent {
  id: string
  type: string
  organizationId: string | null
  /** RFC 3339. */
  occurredAt: string
  data: Record<string, unknown>
  position: EventPosition
}

/**
 * Where an event stands: first by transaction, then by sequence. Sequence numbers alone are given out before commit, so
 * a slow transaction could commit behind a reader that has passed it.
 */
export interface EventPosition {
  /** xid8 as text. */
  transactionId: string
  sequence: number
}

/** Event types, or all of them. */
export type EventTypes = readonly [EventType, ...EventType[]] | 'all'

export function isWanted(types: EventTypes, event: Pick<StoredEvent, 'type'>): boolean {
  return types === 'all' || types.some((type) => type === event.type)
}
