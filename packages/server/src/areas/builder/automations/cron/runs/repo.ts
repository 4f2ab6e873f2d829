import type { CronRun } from '@holdfast/contracts/builder/automations/cron'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../../context.ts'
import { storableJson, storableText } from '../../../../../storable.ts'
import type { Tables } from '../../../../../tables.ts'
import { parallelMax } from '../rules.ts'
import type { CronOutcome, NewCronRun } from '../stored.ts'

type InTransaction = Pick<Context, 'tx'>
export type CronRunsRepo = ReturnType<typeof createCronRunsRepo>

/** A claimed run belongs to its holder so long, in the database's time, unless it says that it is alive. */
export const leaseSeconds = 15
/** Runs of one job that are kept. */
const keptMax = 500

/** All SQL of the runs of cron jobs. */
export function createCronRunsRepo(database: Database<Tables>) {
  const select = (ctx: InTransaction) =>
    database
      .of(ctx)
      .selectFrom('cron_runs')
      .select(['id', 'cron_id as cronId', 'attempt', 'scheduled_for as scheduledFor', 'message'])
      .select(['started_at as startedAt', 'finished_at as finishedAt', 'duration_ms as durationMs'])
      .select([
        sql<CronRun['state']>`state`.as('state'),
        sql<CronRun['trigger']>`trigger`.as('trigger'),
        sql`output`.as('output'),
        sql<CronRun['error']>`error`.as('error'),
        sql<CronRun['console']>`console`.as('console'),
        'console_dropped as consoleDropped',
      ])

  return {
    /** A run that is there already, for the same time and attempt, stays the only one. */
    async add(ctx: InTransaction, run: NewCronRun, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('cron_runs')
        .values({
          id: run.id,
          cron_id: run.cronId,
          state: run.state,
          trigger: run.trigger,
          attempt: run.attempt,
          scheduled_for: run.scheduledFor,
          message: run.message,
          created_at: at.toISOString(),
          finished_at: run.state === 'skipped' ? at.toISOString() : null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },

    async countOpen(ctx: InTransaction, cronId: string): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('cron_runs')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('cron_id', '=', cronId)
        .where('state', 'in', ['queued', 'running'])
        .executeTakeFirstOrThrow()
      return row.count
    },

    find: (ctx: InTransaction, id: string): Promise<CronRun | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** Newest first, before `cursor`. */
    list: (
      ctx: Context,
      cronId: string,
      page: { cursor?: string | undefined; limit: number; state?: CronRun['state'] | undefined },
    ): Promise<CronRun[]> =>
      select(ctx)
        .where('cron_id', '=', cronId)
        .$if(page.cursor !== undefined, (query) => query.where('id', '<', page.cursor ?? ''))
        .$if(page.state !== undefined, (query) => query.where('state', '=', page.state ?? 'error'))
        .orderBy('id', 'desc')
        .limit(page.limit)
        .execute(),

    /**
     * The oldest run that may start now. Its job is locked first, and looked at in a statement of its own, so that two
     * servers never see the same free place.
     */
    async claim(ctx: InTransaction, holder: string, at: Date): Promise<CronRun | undefined> {
      const { rows } = await sql<{ id: string; places: number }>`
        select j.id, case j.overlap when 'parallel' then ${parallelMax}::int else 1 end as places
        from cron_jobs j
        where exists (select from cron_runs q where q.cron_id = j.id and q.state = 'queued')
          and (select count(*) from cron_runs o where o.cron_id = j.id and o.state = 'running')
            < case j.overlap when 'parallel' then ${parallelMax}::int else 1 end
        order by (select min(q.created_at) from cron_runs q where q.cron_id = j.id and q.state = 'queued')
        limit 1 for update of j skip locked`.execute(database.of(ctx))
      const job = rows[0]
      if (job === undefined) return undefined
      const claimed = await sql<{ id: string }>`
        update cron_runs set state = 'running', holder = ${holder}, started_at = ${at.toISOString()},
          lease_until = now() + make_interval(secs => ${leaseSeconds})
        where id = (select id from cron_runs where cron_id = ${job.id} and state = 'queued'
            order by scheduled_for, id limit 1)
          and (select count(*) from cron_runs where cron_id = ${job.id} and state = 'running') < ${job.places}
        returning id`.execute(database.of(ctx))
      const id = claimed.rows[0]?.id
      return id === undefined ? undefined : select(ctx).where('id', '=', id).executeTakeFirst()
    },

    /** Answers those of `ids` that still belong to the holder. */
    async renew(holder: string, ids: readonly string[]): Promise<Set<string>> {
      const { rows } = await sql<{ id: string }>`
        update cron_runs set lease_until = now() + make_interval(secs => ${leaseSeconds})
        where id = any(${[...ids]}::uuid[]) and holder = ${holder} and state = 'running'
        returning id`.execute(database.kysely)
      return new Set(rows.map(({ id }) => id))
    },

    /** Runs whose server has not said for too long that it is alive, locked until the transaction ends. */
    async claimDead(ctx: InTransaction): Promise<{ run: CronRun; holder: string }[]> {
      const { rows } = await sql<{ id: string; holder: string }>`
        select id, holder from cron_runs where state = 'running' and lease_until < now()
        order by lease_until limit 20 for update skip locked`.execute(database.of(ctx))
      const dead: { run: CronRun; holder: string }[] = []
      for (const { id, holder } of rows) {
        const run = await select(ctx).where('id', '=', id).executeTakeFirst()
        if (run !== undefined) dead.push({ run, holder })
      }
      return dead
    },

    /** False when it is not the holder's any more: its outcome is somebody else's to say. */
    async finish(
      ctx: InTransaction,
      id: string,
      holder: string,
      outcome: CronOutcome,
      at: Date,
    ): Promise<boolean> {
      const { numUpdatedRows } = await database
        .of(ctx)
        .updateTable('cron_runs')
        .set({
          state: outcome.state,
          message: storableText(outcome.message),
          output: JSON.stringify(storableJson(outcome.output ?? null)),
          error: outcome.error === null ? null : JSON.stringify(storableJson(outcome.error)),
          console: JSON.stringify(storableJson(outcome.console)),
          console_dropped: outcome.consoleDropped,
          duration_ms: outcome.durationMs,
          finished_at: at.toISOString(),
          lease_until: null,
        })
        .where('id', '=', id)
        .where('holder', '=', holder)
        .where('state', '=', 'running')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async forgetOld(ctx: InTransaction, cronId: string): Promise<void> {
      await sql`
        delete from cron_runs where cron_id = ${cronId} and state not in ('queued', 'running') and id <= (
          select id from cron_runs where cron_id = ${cronId} order by id desc offset ${keptMax} limit 1)
      `.execute(database.of(ctx))
    },
  }
}
