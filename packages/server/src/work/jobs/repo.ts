import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../../tables.ts'

export interface JobCounts {
  /** Due and not begun. */
  waiting: number
  /** Out of attempts. */
  failed: number
}

/** Which runners are alive, and what the queue holds. All times are the database's. */
export function createRunnerRepo({ kysely }: Database<Tables>) {
  return {
    async beat(runnerId: string): Promise<void> {
      await sql`insert into job_runners (id) values (${runnerId})
        on conflict (id) do update set seen_at = now()`.execute(kysely)
    },

    async leave(runnerId: string): Promise<void> {
      await sql`delete from job_runners where id = ${runnerId}`.execute(kysely)
    },

    /** Gives the jobs of runners that were not seen for `silenceMs` back to the queue; answers those runners. */
    async releaseDead(silenceMs: number): Promise<string[]> {
      return kysely.transaction().execute(async (tx) => {
        const { rows } = await sql<{ id: string }>`
          delete from job_runners where id in (
            select id from job_runners where seen_at < now() - ${silenceMs} * interval '1 millisecond' for update skip locked)
          returning id`.execute(tx)
        const ids = rows.map(({ id }) => id)
        if (ids.length > 0) await sql`select graphile_worker.force_unlock_workers(${ids})`.execute(tx)
        return ids
      })
    },

    /** Makes a job due again whose attempt was broken off, as if that had not been one. */
    async giveBack(job: { id: string; attempts: number }): Promise<void> {
      await sql`select graphile_worker.reschedule_jobs(array[${job.id}]::bigint[], run_at := now(),
        attempts := ${Math.max(0, job.attempts - 1)}::int)`.execute(kysely)
    },

    async count(): Promise<JobCounts> {
      const { rows } = await sql<JobCounts>`
        select count(*) filter (where attempts < max_attempts and run_at <= now() and locked_at is null) as waiting,
          count(*) filter (where attempts >= max_attempts) as failed
        from (select attempts, max_attempts, run_at, locked_at from graphile_worker.jobs limit 100000) newest`.execute(
        kysely,
      )
      return rows[0] ?? { waiting: 0, failed: 0 }
    },
  }
}
export type RunnerRepo = ReturnType<typeof createRunnerRepo>
