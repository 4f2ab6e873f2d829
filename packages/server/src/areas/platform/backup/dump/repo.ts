import { clientConfig, type ConnectionConfig, MarkingClient } from '@holdfast/database/client'
import { escapeIdentifier, escapeLiteral } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { BackupTable } from '../archive/format.ts'
import { productSchemas, sqlAccessSchema } from '../rules.ts'

/** A table as one snapshot shows it. `isGuarded` when row-level security hides other organizations' rows. */
export interface SnapshotTable extends BackupTable {
  isGuarded: boolean
}

export type Snapshot = Awaited<ReturnType<typeof openSnapshot>>

/**
 * One moment of the database, read over a connection of its own: what is written meanwhile is not in it, and nobody is
 * kept waiting. Rows of organizations come by organization, because the policies hold for the owner of the tables too;
 * what belongs to none that exists cannot be reached by the product either.
 */
export async function openSnapshot(connection: ConnectionConfig) {
  const client = new MarkingClient({ ...clientConfig(connection), application_name: 'holdfast backup' })
  await client.connect()
  const rowsOf = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await client.query<T>(text, values)).rows

  await client.query('begin isolation level repeatable read read only')
  await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
    set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
    set local bytea_output = 'hex'; set local extra_float_digits = 1; set local search_path = public`)

  return {
    close: () => client.end(),

    async version(): Promise<string> {
      const [row] = await rowsOf<{ version: string }>(`select current_setting('server_version') as version`)
      return row?.version ?? ''
    },

    migrations: () =>
      rowsOf<{ name: string; checksum: string }>(
        'select name, checksum from schema_migrations order by name',
      ),

    /** What holds rows: tables and partitions, without `skipped`. */
    tables: (skipped: readonly string[]): Promise<SnapshotTable[]> =>
      rowsOf<SnapshotTable>(
        `select 'table' as kind, n.nspname as schema, c.relname as name, row_security_active(c.oid) as "isGuarded",
           (select array_agg(attname::text order by attnum) from pg_attribute
             where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname = any($1) and not (n.nspname = 'public' and c.relname = any($2))
         order by n.nspname, c.relname`,
        [productSchemas, [...skipped, 'schema_migrations']],
      ),

    async hasJobs(): Promise<boolean> {
      const [row] = await rowsOf<{ has: boolean }>(
        `select to_regclass('graphile_worker._private_jobs') is not null as has`,
      )
      return row?.has === true
    },

    async hasSqlAccess(): Promise<boolean> {
      const [row] = await rowsOf<{ has: boolean }>('select to_regnamespace($1) is not null as has', [
        sqlAccessSchema,
      ])
      return row?.has === true
    },

    organizations: async (): Promise<string[]> =>
      (await rowsOf<{ id: string }>('select id::text from organizations order by id')).map(({ id }) => id),

    /** Sequences do not take part in snapshots: read them last, and they are never behind the rows. */
    sequences: () =>
      rowsOf<{ schema: string; name: string; value: number }>(
        `select schemaname as schema, sequencename as name, last_value as value from pg_sequences
         where schemaname = any($1) and last_value is not null order by 1, 2`,
        [productSchemas],
      ),

    async definitions(): Promise<{ before: string[]; after: string[] }> {
      const before = await rowsOf<{ text: string }>(`${recordTables} union all ${partitions}`)
      const after = await rowsOf<{ text: string }>(`${recordConstraints} union all ${recordIndexes}`)
      return { before: before.map(({ text }) => text), after: after.map(({ text }) => text) }
    },

    /** The rows of a table in COPY text form. Consume it to its end before anything else is asked. */
    async *rows(table: SnapshotTable, organizations: readonly string[]): AsyncGenerator<Buffer> {
      const text = copyStatement(table)
      if (!table.isGuarded) {
        yield* client.query(copyTo(text))
        return
      }
      for (const organization of organizations) {
        await client.query(`select set_config('app.organization_id', $1, true)`, [organization])
        yield* client.query(copyTo(text))
      }
    },
  }
}

function copyStatement({ kind, schema, name, columns }: BackupTable): string {
  if (kind === 'jobs') return `copy (${waitingJobs}) to stdout`
  const listed = columns.map((column) => escapeIdentifier(column)).join(', ')
  // A query, because COPY of a table refuses row-level security.
  return `copy (select ${listed} from ${escapeIdentifier(schema)}.${escapeIdentifier(name)}) to stdout`
}

/** In the order of graphile_worker.add_job's parameters. */
export const jobColumns = [
  'identifier',
  'payload',
  'queue_name',
  'run_at',
  'max_attempts',
  'job_key',
  'priority',
  'flags',
]
const waitingJobs = `select t.identifier, j.payload, q.queue_name, j.run_at, j.max_attempts, j.key, j.priority,
    (select array_agg(flag) from jsonb_object_keys(j.flags) flag)
  from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
  where j.attempts < j.max_attempts order by j.id`

const recordSchema = escapeLiteral('records')
const ofRecords = `from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = ${recordSchema}`

const recordTables = `select format('create table %I.%I (%s)%s', n.nspname, c.relname,
    string_agg(format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attcollation not in (0, t.typcollation)
        then (select format(' collate %I.%I', ln.nspname, l.collname)
          from pg_collation l join pg_namespace ln on ln.oid = l.collnamespace where l.oid = a.attcollation) end,
      case when a.attnotnull then ' not null' end,
      case when d.oid is not null then format(
        case when a.attgenerated = '' then ' default %s' else ' generated always as (%s) stored' end,
        pg_get_expr(d.adbin, d.adrelid)) end), ', ' order by a.attnum),
    case when c.reloptions is not null then format(' with (%s)', array_to_string(c.reloptions, ', ')) end) as text
  ${ofRecords}
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' and not c.relispartition group by n.nspname, c.relname, c.reloptions`

const partitions = `select format('create table if not exists %I.%I partition of %I.%I %s',
    n.nspname, c.relname, pn.nspname, p.relname, pg_get_expr(c.relpartbound, c.oid)) as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
  join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
  where c.relispartition and c.relkind = 'r' and n.nspname in (${productSchemas.map(escapeLiteral).join(', ')})`

const recordConstraints = `select format('alter table %I.%I add constraint %I %s',
    n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as text
  ${ofRecords} join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'c')`

const recordIndexes = `select pg_get_indexdef(x.indexrelid) as text
  ${ofRecords} join pg_index x on x.indrelid = c.oid
  where not exists (select from pg_constraint k where k.conindid = x.indexrelid)`
