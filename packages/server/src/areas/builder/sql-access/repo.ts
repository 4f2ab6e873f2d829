import { clientConfig, MarkingClient } from '@holdfast/database/client'
import type { Database } from '@holdfast/database/database'
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ViewColumn, ViewPlan } from './rules.ts'

export type SqlAccessRepo = ReturnType<typeof createSqlAccessRepo>

const schema = 'records_view'
/** "hfsqlacc": replicas build the views one at a time. */
const lockKey = '7522554378125796195'
const statementTimeout = '30s'
const connectionsMax = 5

/** The role, its schema and the views in it. Every name stands quoted, every text as a literal. */
export function createSqlAccessRepo(database: Database<Tables>) {
  // Not connected: it only takes the address apart, whatever form that has.
  const { host, port } = new MarkingClient(clientConfig(database.connection))
  const run = (ctx: Context, statement: RawBuilder<unknown>) => statement.execute(database.of(ctx))

  /** Roles are shared by all databases of a server, so that the name of the owner is part of the reader's. */
  async function place(ctx: Context): Promise<{ database: string; role: string }> {
    const { rows } = await sql<{ database: string; role: string }>`
      select current_database() as database, left(current_user, 50) || '_reader' as role`.execute(
      database.of(ctx),
    )
    return rows[0] ?? { database: '', role: '' }
  }

  return {
    schema,
    address: { host, port },
    place,

    /** Of which definitions the views were made; null when there are none. */
    async fingerprint(ctx: Context): Promise<string | null> {
      const { rows } = await sql<{ comment: string | null }>`
        select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = ${schema}
      `.execute(database.of(ctx))
      return rows[0] === undefined ? null : (rows[0].comment ?? '')
    },

    async lock(ctx: Context): Promise<void> {
      await run(ctx, sql`select pg_advisory_xact_lock(${lockKey}::bigint)`)
    },

    /**
     * Whether there is a role that may read, and whether the product's own may give it a password: one that may make
     * roles could make itself nearly everything, so that few will allow it.
     */
    async readerState(ctx: Context, role: string): Promise<{ exists: boolean; mayChange: boolean }> {
      const { rows } = await sql<{ exists: boolean; mayChange: boolean }>`
        select exists (select from pg_roles where rolname = ${role}) as exists,
          (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as "mayChange"
      `.execute(database.of(ctx))
      return rows[0] ?? { exists: false, mayChange: false }
    },

    /** Makes the role, or gives it this password. */
    async putRole(ctx: Context, role: string, exists: boolean, verifier: string): Promise<void> {
      const verb = exists ? sql`alter` : sql`create`
      await run(
        ctx,
        sql`${verb} role ${sql.id(role)} login noinherit connection limit ${sql.lit(connectionsMax)}
          password ${sql.lit(verifier)}`,
      )
      await run(ctx, sql`alter role ${sql.id(role)} set default_transaction_read_only = on`)
      await run(ctx, sql`alter role ${sql.id(role)} set statement_timeout = ${sql.lit(statementTimeout)}`)
    },

    /** Puts these views in the place of those that there are. They are read with the rights of their owner. */
    async putViews(ctx: Context, role: string, plans: readonly ViewPlan[], mark: string): Promise<void> {
      await run(ctx, sql`drop schema if exists ${sql.id(schema)} cascade`)
      await run(ctx, sql`create schema ${sql.id(schema)}`)
      await run(ctx, sql`comment on schema ${sql.id(schema)} is ${sql.lit(mark)}`)
      for (const plan of plans) await run(ctx, viewOf(plan))
      await run(ctx, sql`grant usage on schema ${sql.id(schema)} to ${sql.id(role)}`)
      await run(ctx, sql`grant select on all tables in schema ${sql.id(schema)} to ${sql.id(role)}`)
    },

    /** The role stays, with nothing to read. */
    async remove(ctx: Context): Promise<void> {
      await run(ctx, sql`drop schema if exists ${sql.id(schema)} cascade`)
    },
  }
}

function viewOf({ name, table, columns, restWithoutKeys }: ViewPlan): RawBuilder<unknown> {
  const shown = columns.map((column) => sql`${valueOf(column)} as ${sql.id(column.name)}`)
  const rest =
    restWithoutKeys === null ? [] : [sql`body::jsonb - ${textArray(restWithoutKeys)} as ${sql.id('data')}`]
  // A barrier: a function in somebody's condition never sees records that have expired.
  return sql`create view ${sql.id(schema, name)} with (security_barrier) as
    select ${sql.join([sql`id`, ...shown, ...rest, sql`created_at`, sql`updated_at`])}
    from ${sql.id('records', table)} where expires_at is null or expires_at > now()`
}

/** A value of another type than the field's (one that is being converted, say) is no value here, and no error. */
function valueOf(column: ViewColumn): RawBuilder<unknown> {
  const { key, type } = column
  if (type === 'jsonb') return jsonOf(sql`body -> ${sql.lit(key)}`, column, 1)
  const text = sql`body ->> ${sql.lit(key)}`
  if (type === 'text') return sql`(${text})`
  const kind = type === 'numeric' ? 'number' : 'boolean'
  return sql`case when json_typeof(body -> ${sql.lit(key)}) = ${sql.lit(kind)} then (${text})::${sql.raw(type)} end`
}

/** The value with names instead of keys, and only with what is open. Each level binds its value once, by its depth. */
function jsonOf(value: RawBuilder<unknown>, { inside }: ViewColumn, depth: number): RawBuilder<unknown> {
  if (inside === null) return sql`(${value})::jsonb`
  const whole = sql.id(`value${depth}`)
  const item = sql.id(`item${depth}`)
  const from = sql`from (select ${value} as ${whole}) as ${sql.id(`level${depth}`)}`
  if (!inside.isList)
    return sql`(select case when json_typeof(${whole}) = 'object' then ${objectOf(whole, inside.properties, depth)} end ${from})`
  const items = sql`select coalesce(jsonb_agg(case when json_typeof(${item}) = 'object'
    then ${objectOf(item, inside.properties, depth)} end), '[]'::jsonb) from json_array_elements(${whole}) as ${sql.id(`list${depth}`)}(${item})`
  return sql`(select case when json_typeof(${whole}) = 'array' then (${items}) end ${from})`
}

function objectOf(
  object: RawBuilder<unknown>,
  properties: readonly ViewColumn[],
  depth: number,
): RawBuilder<unknown> {
  if (properties.length === 0) return sql`'{}'::jsonb`
  const pairs = properties.map(
    (property) =>
      sql`(${sql.lit(property.name)}, ${jsonOf(sql`${object} -> ${sql.lit(property.key)}`, property, depth + 1)})`,
  )
  return sql`(select coalesce(jsonb_object_agg(name, value) filter (where value is not null), '{}'::jsonb)
    from (values ${sql.join(pairs)}) as ${sql.id(`pairs${depth}`)}(name, value))`
}

function textArray(texts: readonly string[]): RawBuilder<unknown> {
  if (texts.length === 0) return sql`array[]::text[]`
  return sql`array[${sql.join(texts.map((text) => sql.lit(text)))}]::text[]`
}
