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

    /** Jobs that are out of attempts, by name; none before the first start has made the queue. */
    async failedJobs(): Promise<{ name: string; count: number }[]> {
      const { rows: queue } = await sql<{ isThere: boolean }>`
        select to_regclass('graphile_worker.jobs') is not null as "isThere"`.execute(kysely)
      if (queue[0]?.isThere !== true) return []
      const { rows } = await sql<{ name: string; count: number }>`
        select task_identifier as name, count(*) as count from graphile_worker.jobs
        where attempts >= max_attempts group by 1 order by 2 desc, 1`.execute(kysely)
      return rows
    },

    /** The consumer that is furthest behind, and how old what it has before it is. */
    async oldestUndelivered(): Promise<{ consumer: string; ageSeconds: number } | undefined> {
      const { rows } = await sql<{ consumer: string; ageSeconds: number }>`
        select name as consumer, extract(epoch from now() - oldest.occurred_at)::float8 as "ageSeconds"
        from event_consumers as consumer, lateral (
          select occurred_at from events
          where (transaction_id, sequence) > (consumer.transaction_id, consumer.sequence)
          order by events.transaction_id, sequence limit 1) as oldest
        order by 2 desc limit 1`.execute(kysely)
      return rows[0]
    },

    async latestVerdict() {
      const { rows } = await sql<{ valid: boolean; error: string | null; ageHours: number }>`
        select (verdict ->> 'valid')::boolean as valid, verdict ->> 'error' as error,
          extract(epoch from now() - verified_at)::float8 / 3600 as "ageHours"
        from audit_verdicts order by verified_at desc, id desc limit 1`.execute(kysely)
      return rows[0]
    },

    /** The newest backup that is whole, and the newest of all. */
    async latestBackups() {
      const { rows } = await sql<{ state: string; error: string | null; ageHours: number; isWhole: boolean }>`
        select state, error, extract(epoch from now() - created_at)::float8 / 3600 as "ageHours", state = 'ready' as "isWhole"
        from backups where id in (
          (select id from backups order by created_at desc, id desc limit 1)
          union (select id from backups where state = 'ready' order by created_at desc, id desc limit 1))
        order by created_at desc`.execute(kysely)
      return { newest: rows[0], whole: rows.find(({ isWhole }) => isWhole) }
    },

    /** How long people have been here. */
    async inUseHours(): Promise<number> {
      const { rows } = await sql<{ hours: number | null }>`
        select extract(epoch from now() - min(created_at))::float8 / 3600 as hours from users`.execute(kysely)
      return rows[0]?.hours ?? 0
    },
  }
}
