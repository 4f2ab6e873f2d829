import type { Database } from '@holdfast/database/database'
import type { Context } from '../../context.ts'
import type { Tables } from '../../tables.ts'

/** The channel that wakes consumers; the payload is empty because they read the table. */
export const eventsChannel = 'holdfast_events'

export type EventsRepo = ReturnType<typeof createEventsRepo>

export function createEventsRepo(database: Database<Tables>) {
  return {
    async insert(
      ctx: Context,
      event: {
        id: string
        type: string
        organizationId: string | null
        occurredAt: Date
        data: Record<string, unknown>
      },
    ): Promise<void> {
      if (ctx.tx === undefined) throw new Error('Events are written in the transaction of their change.')
      await database
        .of(ctx)
        .insertInto('events')
        .values({
          id: event.id,
          type: event.type,
          organization_id: event.organizationId,
          occurred_at: event.occurredAt.toISOString(),
          data: JSON.stringify(event.data),
        })
        .execute()
      await database.notify(ctx, eventsChannel, '')
    },
  }
}
