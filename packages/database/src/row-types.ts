/** Kysely's table types, read from a migrated database. A development tool: the result is committed and compared by a test. */
import { createRequire } from 'node:module'
import type * as KyselyForRequire from 'kysely' with { 'resolution-mode': 'require' }
import { generate, IdentifierNode, PostgresDialect } from 'kysely-codegen'
import { Pool } from 'pg'
import { type ConnectionConfig, clientConfig } from './client.ts'

/** kysely-codegen is CommonJS and wants the Kysely of that build; to TypeScript the two builds' classes are strangers. */
const kysely: typeof KyselyForRequire = createRequire(import.meta.url)('kysely')

/** What `value-types.ts` makes of these; everything else kysely-codegen knows from `pg`. */
const typeOfScalar = {
  timestamptz: 'string',
  timestamp: 'string',
  date: 'string',
  interval: 'string',
  numeric: 'string',
  int8: 'number',
  json: 'unknown',
  jsonb: 'unknown',
} as const

/**
 * The TypeScript source of an interface `DB` with one interface per table of the schema `public`, without the tables
 * that matter to tools only. Partitions of a table are not listed apart.
 */
export async function generateRowTypes(connection: ConnectionConfig): Promise<string> {
  const dialect = new PostgresDialect({ partitions: false })
  for (const [scalar, type] of Object.entries(typeOfScalar)) {
    Object.assign(dialect.adapter.scalars, { [scalar]: new IdentifierNode(type) })
  }
  const pool = new Pool({ ...clientConfig(connection), max: 1 })
  try {
    return await generate({
      db: new kysely.Kysely({ dialect: new kysely.PostgresDialect({ pool }) }),
      dialect,
      includePattern: 'public.*',
      excludePattern: 'public.schema_migrations',
      outFile: null,
    })
  } finally {
    await pool.end()
  }
}
