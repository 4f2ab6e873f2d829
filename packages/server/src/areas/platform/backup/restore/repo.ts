import { clientConfig, type ConnectionConfig, MarkingClient } from '@holdfast/database/client'
import { escapeIdentifier } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Writable } from 'node:stream'
import type { BackupTable } from '../archive/format.ts'
import { productSchemas, sqlAccessSchema } from '../rules.ts'

export type RestoreSession = Awaited<ReturnType<typeof openRestoreSession>>

const advisoryLockKey = '7523094288443371891'

/**
 * A database that is being filled: one connection, one transaction. Until `commit` nobody else sees anything of it, and
 * when it is closed before that, nothing has happened.
 */
export async function openRestoreSession(connection: ConnectionConfig) {
  const client = new MarkingClient({ ...clientConfig(connection), application_name: 'holdfast restore' })
  await client.connect()
  const rowsOf = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await client.query<T>(text, values)).rows
  const run = async (texts: readonly string[]) => {
    for (const text of texts) await client.query(text)
  }
  const isTrue = async (text: string, values: unknown[] = []) =>
    (await rowsOf<{ yes: boolean }>(`select ${text} as yes`, values))[0]?.yes === true

  await client.query('begin')
  await client.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
    set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
    set local bytea_output = 'hex'; set local extra_float_digits = 1; set local search_path = public`)
  await client.query('select pg_advisory_xact_lock($1)', [advisoryLockKey])

  return {
    close: () => client.end(),
    commit: async () => void (await client.query('commit')),
    execute: run,

    /** Whether the product has been here before. */
    hasTables: () =>
      isTrue(`exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p'))`),

    /** Whether anybody has used it: a database that was only just made has no people. */
    async hasPeople(): Promise<boolean> {
      if (!(await isTrue(`to_regclass('public.users') is not null`))) return false
      return isTrue('exists (select from public.users)')
    },

    /** In the list of backups as it is: with the rest of the restore, or not at all. */
    async forgetPassphrases(): Promise<void> {
      if (await isTrue(`to_regclass('public.backups') is not null`))
        await run(['update public.backups set passphrase_sealed = null where passphrase_sealed is not null'])
    },

    /** Renames what is there, and takes the waiting jobs along, so that nothing is lost and nothing of it runs. */
    async setAside(name: string): Promise<void> {
      const kept = escapeIdentifier(name)
      await run([`alter schema public rename to ${kept}`, 'create schema public'])
      if (await isTrue(`to_regnamespace('records') is not null`))
        await run([`alter schema records rename to ${escapeIdentifier(`${name}_records`)}`])
      // Views go where their tables go: they would go on showing what was put aside.
      await run([`drop schema if exists ${sqlAccessSchema} cascade`])
      if (await isTrue(`to_regclass('graphile_worker._private_jobs') is not null`))
        await run([
          `create table ${kept}.waiting_jobs as table graphile_worker._private_jobs`,
          'delete from graphile_worker._private_jobs',
        ])
    },

    /** The list of backups as it is, as JSON: it belongs to the place and outlives the restore. */
    async listedBackups(): Promise<Record<string, unknown>[]> {
      if (!(await isTrue(`to_regclass('public.backups') is not null`))) return []
      const rows = await rowsOf<{ row: Record<string, unknown> }>(
        'select to_jsonb(listed) as row from public.backups listed',
      )
      return rows.map(({ row }) => row)
    },

    async applyMigration(file: { name: string; sql: string; checksum: string }): Promise<void> {
      // An index that is built beside writers cannot be built in a transaction, and here nobody writes.
      await client.query(file.sql.replace(/\bconcurrently\b/gi, ''))
      await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [
        file.name,
        file.checksum,
      ])
    },

    createMigrationsTable: () =>
      run([
        `create table schema_migrations (
           name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
      ]),

    /**
     * Takes down what would hinder rows that come table by table: foreign keys, triggers, row-level security for the
     * owner, and what the migrations have put in. Answers what puts it up again.
     */
    async open(): Promise<{ keysAndTriggers: string[]; guards: string[] }> {
      const keys = await rowsOf<{ drop: string; add: string }>(
        `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
           format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
         from pg_constraint where contype = 'f' and conparentid = 0
           and connamespace::regnamespace::text = any($1)`,
        [productSchemas],
      )
      const tables = await rowsOf<{
        name: string
        isForced: boolean
        hasTriggers: boolean
        inherits: boolean
      }>(
        `select c.oid::regclass::text as name, c.relforcerowsecurity as "isForced", c.relispartition as inherits,
           exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as "hasTriggers"
         from pg_class c where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text = any($1)
           and c.oid <> 'public.schema_migrations'::regclass`,
        [productSchemas],
      )
      const forced = tables.filter(({ isForced }) => isForced)
      const triggered = tables.filter(({ hasTriggers }) => hasTriggers)
      const whole = tables.filter(({ inherits }) => !inherits)
      await run([
        ...keys.map(({ drop }) => drop),
        ...triggered.map(({ name }) => `alter table ${name} disable trigger user`),
        ...forced.map(({ name }) => `alter table ${name} no force row level security`),
        `truncate ${whole.map(({ name }) => name).join(', ')}`,
      ])
      return {
        keysAndTriggers: [
          ...keys.map(({ add }) => add),
          ...triggered.map(({ name }) => `alter table ${name} enable trigger user`),
        ],
        guards: forced.map(({ name }) => `alter table ${name} force row level security`),
      }
    },

    /** Where the rows of a table go, in COPY text form. */
    async rowsInto(table: BackupTable): Promise<Writable> {
      if (table.kind === 'jobs') await client.query(jobsTable)
      const name = table.kind === 'jobs' ? 'restored_jobs' : nameOf(table)
      const into = client.query(copyFrom(`copy ${name} (${columnsOf(table)}) from stdin`))
      // Whoever writes is told of the error; without a listener it would end the process.
      into.on('error', () => undefined)
      return into
    },

    /** The rows as they are now, in the same form. */
    rowsOf: (table: BackupTable): AsyncIterable<Buffer> =>
      client.query(
        copyTo(
          table.kind === 'jobs'
            ? `copy restored_jobs (${columnsOf(table)}) to stdout`
            : `copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`,
        ),
      ),

    /** Puts the jobs that came into the queue. */
    async queueJobs(): Promise<void> {
      await client.query(
        `select count(graphile_worker.add_job(identifier, payload, queue_name, run_at, max_attempts, job_key, priority, flags))
         from restored_jobs`,
      )
    },

    async setSequences(sequences: readonly { schema: string; name: string; value: number }[]): Promise<void> {
      for (const { schema, name, value } of sequences)
        await client.query('select setval(format($1, $2::text, $3::text)::regclass, $4)', [
          '%I.%I',
          schema,
          name,
          value,
        ])
    },

    /** An empty schema, of no definitions: the next server to start makes the views in it. */
    askForSqlAccess: () => run([`create schema if not exists ${sqlAccessSchema}`]),

    /** A backup or a restore that was running at the moment of the backup is not running here. */
    async endBackupOperations(): Promise<void> {
      if (!(await isTrue(`to_regclass('public.operations') is not null`))) return
      await client.query(`update operations set state = 'cancelled', finished_at = now(), version = version + 1
        where kind like 'backups.%' and finished_at is null`)
    },

    async listBackups(rows: readonly Record<string, unknown>[]): Promise<void> {
      // A backup may be older than the list.
      if (!(await isTrue(`to_regclass('public.backups') is not null`))) return
      await client.query(
        'insert into backups select * from jsonb_populate_recordset(null::backups, $1::jsonb)',
        [JSON.stringify(rows)],
      )
    },
  }
}

const jobsTable = `create temporary table restored_jobs (identifier text, payload json, queue_name text,
  run_at timestamptz, max_attempts integer, job_key text, priority integer, flags text[]) on commit drop`

function nameOf({ schema, name }: BackupTable): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`
}

function columnsOf({ columns }: BackupTable): string {
  return columns.map((column) => escapeIdentifier(column)).join(', ')
}
