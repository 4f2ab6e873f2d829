import type { EventType } from '@holdfast/contracts/events'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../context.ts'
import type { EventsRepo } from './repo.ts'

export interface NewEvent {
  /** Past tense, `noun.verbed`. */
  type: EventType
  organizationId?: string | null
  data: Record<string, unknown>
}

export interface Events {
  /** Writes the event in `ctx.tx`; consumers on every replica wake when it commits. */
  append(ctx: Context, event: NewEvent): Promise<void>
}

export function createEvents({ repo, clock, ids }: { repo: EventsRepo; clock: Clock; ids: Ids }): Events {
  return {
    append: (ctx, event) =>
      repo.insert(ctx, {
        id: ids.uuid(),
        type: event.type,
        organizationId: event.organizationId ?? ctx.organizationId,
        occurredAt: clock.now(),
        data: event.data,
      }),
  }
}
