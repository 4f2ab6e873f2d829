import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type ProjectRepo = ReturnType<typeof createProjectRepo>

/** All SQL of the project: everything else is the modules' whose things it exports and imports. */
export function createProjectRepo(database: Database<Tables>) {
  return {
    /** Until the transaction ends, no other import begins. */
    async lock(ctx: Context): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtext('holdfast project import'))`.execute(database.of(ctx))
    },
  }
}
