import type { Database } from '@holdfast/database/database'
import type { Catalogue } from '@holdfast/kernel/catalogue'
import { sql } from 'kysely'
import type { Tables } from '../../tables.ts'
import type { JobHandler, Jobs } from './service.ts'

/**
 * Adds jobs to graphile-worker's queue with its SQL interface, so that they join the caller's transaction.
 * `handlers` is asked at every add, because the areas that bring them are composed after this.
 */
export function createJobs(database: Database<Tables>, handlers: () => Catalogue<JobHandler>): Jobs {
  return {
    has: (name) => handlers().has(name),

    async add(ctx, name, payload, options = {}) {
      if (ctx.tx === undefined) throw new Error('Jobs are added in the transaction of their change.')
      const handler = handlers().get(name)
      if (handler === undefined) throw new Error(`There is no job called "${name}".`)
      await sql`
        select graphile_worker.add_job(${name}, payload := ${JSON.stringify(payload)}::json,
          max_attempts := ${handler.attemptsMax}::int, run_at := ${options.runAt?.toISOString() ?? null}::timestamptz,
          job_key := ${options.key ?? null}::text)
      `.execute(database.of(ctx))
    },
  }
}
