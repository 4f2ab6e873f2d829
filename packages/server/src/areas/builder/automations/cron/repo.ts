import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { type CronAction, cronChannel, type StoredCronJob } from './stored.ts'

type InTransaction = Pick<Context, 'tx'>
export type CronJobsRepo = ReturnType<typeof createCronJobsRepo>

/** All SQL of cron jobs; their runs have a repo of their own. */
export function createCronJobsRepo(database: Database<Tables>) {
  const select = (ctx: InTransaction) =>
    database
      .of(ctx)
      .selectFrom('cron_jobs')
      .select(['id', 'name', 'description', 'schedule', 'time_zone as timeZone', 'enabled'])
      .select(['timeout_ms as timeoutMs', 'next_run_at as nextRunAt', 'last_run_at as lastRunAt'])
      .select(['last_run_message as lastRunMessage', 'created_at as createdAt', 'updated_at as updatedAt'])
      .select([
        // Those that are older than headers have none.
        sql<CronAction>`'{"httpHeaders":{}}'::jsonb || action`.as('action'),
        sql<StoredCronJob['overlap']>`overlap`.as('overlap'),
        sql<StoredCronJob['missedRuns']>`missed_runs`.as('missedRuns'),
        sql<StoredCronJob['lastRunStatus']>`last_run_status`.as('lastRunStatus'),
      ])

  return {
    listen: (handler: () => void) => database.listen(cronChannel, handler),
    announce: (ctx: Context) => database.notify(ctx, cronChannel, ''),

    list: (ctx: Context): Promise<StoredCronJob[]> => select(ctx).orderBy('name').orderBy('id').execute(),

    find: (ctx: InTransaction, id: string): Promise<StoredCronJob | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** Keeps its runs from being planned or claimed until the transaction ends. */
    findForUpdate: (ctx: InTransaction, id: string): Promise<StoredCronJob | undefined> =>
      select(ctx).where('id', '=', id).forUpdate().executeTakeFirst(),

    async count(ctx: Context): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('cron_jobs')
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },

    /** What a dashboard shows of the days since `day` (UTC, inclusive): runs by outcome. */
    async days(ctx: Context, day: string): Promise<{ day: string; success: number; error: number }[]> {
      const { rows } = await sql<{ day: string; success: number; error: number }>`
        select day::text, success, error from cron_daily where day >= ${day}::date order by day
      `.execute(database.of(ctx))
      return rows
    },

    async put(ctx: Context, job: StoredCronJob): Promise<void> {
      const row = {
        name: job.name,
        description: job.description,
        schedule: job.schedule,
        time_zone: job.timeZone,
        action: JSON.stringify(job.action),
        overlap: job.overlap,
        missed_runs: job.missedRuns,
        timeout_ms: job.timeoutMs,
        enabled: job.enabled,
        next_run_at: job.nextRunAt,
        updated_at: job.updatedAt,
      }
      await database
        .of(ctx)
        .insertInto('cron_jobs')
        .values({ ...row, id: job.id, created_at: job.createdAt })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('cron_jobs').where('id', '=', id).execute()
    },

    /** Due jobs that no other server is looking at, locked until the transaction ends. */
    claimDue: (ctx: InTransaction, now: Date, limit: number): Promise<StoredCronJob[]> =>
      select(ctx)
        .where('enabled', '=', true)
        .where('next_run_at', '<=', now.toISOString())
        .orderBy('next_run_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute(),

    async moveOn(ctx: InTransaction, id: string, next: Date | null): Promise<void> {
      await database
        .of(ctx)
        .updateTable('cron_jobs')
        .set({ next_run_at: next?.toISOString() ?? null })
        .where('id', '=', id)
        .execute()
    },

    /** When the next job is due, or null. */
    async nextDue(): Promise<Date | null> {
      const row = await database.kysely
        .selectFrom('cron_jobs')
        .select(sql<string | null>`min(next_run_at)`.as('due'))
        .where('enabled', '=', true)
        .executeTakeFirst()
      return row?.due == null ? null : new Date(row.due)
    },

    /** What the job shows of its last run, and the day's counters. */
    async noteRun(
      ctx: InTransaction,
      id: string,
      run: { status: 'success' | 'error'; message: string; at: Date },
    ): Promise<void> {
      const at = run.at.toISOString()
      await database
        .of(ctx)
        .updateTable('cron_jobs')
        .set({ last_run_at: at, last_run_status: run.status, last_run_message: run.message })
        .where('id', '=', id)
        .execute()
      await database
        .of(ctx)
        .insertInto('cron_daily')
        .values({ day: at.slice(0, 10), [run.status]: 1 })
        .onConflict((conflict) =>
          conflict.column('day').doUpdateSet({ [run.status]: sql`cron_daily.${sql.ref(run.status)} + 1` }),
        )
        .execute()
    },
  }
}
