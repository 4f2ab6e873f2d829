import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../../tables.ts'
import type { Jobs } from './service.ts'

/** Adds jobs to graphile-worker's queue with its SQL interface, so that they join the caller's transaction. */
export function createJobs(database: Database<Tables>): Jobs {
  return {
    async add(ctx, name, payload, options = {}) {
      if (ctx.tx === undefined) throw new Error('Jobs are added in the transaction of their change.')
      await sql`
        select graphile_worker.add_job(${name}, payload := ${JSON.stringify(payload)}::json,
          run_at := ${options.runAt?.toISOString() ?? null}::timestamptz, job_key := ${options.key ?? null}::text)
      `.execute(database.of(ctx))
    },
  }
}
