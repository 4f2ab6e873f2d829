import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import type { Tables } from '../../tables.ts'
import type { MissedPolicy } from './rules.ts'
import type { Schedule } from './service.ts'

/** Wakes the servers when a schedule was added or changed. */
export const schedulesChannel = 'holdfast_schedules'

export interface DueSchedule extends Schedule {
  nextRunAt: string
}

type InTransaction = Pick<Context, 'tx'>
export type SchedulesRepo = ReturnType<typeof createSchedulesRepo>

export function createSchedulesRepo(database: Database<Tables>) {
  return {
    listen: (handler: () => void) => database.listen(schedulesChannel, handler),
    announce: (ctx: Context) => database.notify(ctx, schedulesChannel, ''),

    /** Keeps `next_run_at` when times, job and zone stay the same, so that a restart does not move it. */
    async put(ctx: Context, schedule: Schedule, nextRunAt: Date | null): Promise<void> {
      const next = nextRunAt?.toISOString() ?? null
      const { name, cron, timeZone, job, missed, enabled } = schedule
      await sql`
        insert into schedules (name, cron, time_zone, job, payload, missed, enabled, next_run_at)
        values (${name}, ${cron}, ${timeZone}, ${job}, ${JSON.stringify(schedule.payload)}::jsonb, ${missed}, ${enabled}, ${next})
        on conflict (name) do update set cron = excluded.cron, time_zone = excluded.time_zone, job = excluded.job,
          payload = excluded.payload, missed = excluded.missed, enabled = excluded.enabled,
          next_run_at = case when (schedules.cron, schedules.time_zone, schedules.enabled)
            = (excluded.cron, excluded.time_zone, excluded.enabled) then schedules.next_run_at else excluded.next_run_at end
      `.execute(database.of(ctx))
    },

    async remove(ctx: Context, name: string): Promise<void> {
      await database.of(ctx).deleteFrom('schedules').where('name', '=', name).execute()
    },

    /** Due rows that no other server is looking at, locked until the transaction ends. */
    async claimDue(ctx: InTransaction, now: Date, limit: number): Promise<DueSchedule[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('schedules')
        .select(['name', 'cron', 'time_zone as timeZone', 'job', 'enabled'])
        .select([
          sql<string>`next_run_at`.as('nextRunAt'),
          sql<MissedPolicy>`missed`.as('missed'),
          sql<Record<string, unknown>>`payload`.as('payload'),
        ])
        .where('enabled', '=', true)
        .where('next_run_at', '<=', now.toISOString())
        .orderBy('next_run_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute()
      return rows
    },

    async settle(ctx: InTransaction, name: string, ran: Date | null, next: Date | null): Promise<void> {
      await database
        .of(ctx)
        .updateTable('schedules')
        .set({ next_run_at: next?.toISOString() ?? null })
        .$if(ran !== null, (update) =>
          update.set({ last_run_at: ran?.toISOString() ?? null, run_count: sql<number>`run_count + 1` }),
        )
        .where('name', '=', name)
        .execute()
    },

    /** When the next row is due, or null. */
    async nextDue(): Promise<Date | null> {
      const row = await database.kysely
        .selectFrom('schedules')
        .select(sql<string | null>`min(next_run_at)`.as('due'))
        .where('enabled', '=', true)
        .executeTakeFirst()
      return row?.due == null ? null : new Date(row.due)
    },
  }
}
