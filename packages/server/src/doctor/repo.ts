import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Tables } from '../tables.ts'

export type DoctorRepo = ReturnType<typeof createDoctorRepo>

/** What the doctor asks the database; it changes nothing. */
export function createDoctorRepo({ kysely }: Pick<Database<Tables>, 'kysely'>) {
  return {
    async facts() {
      const { rows } = await sql<{
        versionNumber: number
        version: string
        now: string
        ignoresPolicies: boolean
        createsDatabases: boolean
        isMigrated: boolean
      }>`select current_setting('server_version_num')::int as "versionNumber", current_setting('server_version') as version,
          now() as now, rolsuper or rolbypassrls as "ignoresPolicies", rolsuper or rolcreatedb as "createsDatabases",
          to_regclass('public.schema_migrations') is not null as "isMigrated"
        from pg_roles where rolname = current_user`.execute(kysely)
      const [row] = rows
      if (row === undefined) throw new Error('PostgreSQL did not say who we are.')
      return row
    },

    async appliedMigrations() {
      const { rows } = await sql<{ name: string; checksum: string }>`
        select name, checksum from schema_migrations order by name`.execute(kysely)
      return rows
    },
  }
}
