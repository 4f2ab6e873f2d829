import { createTestDatabase, type TestDatabase } from '@holdfast/testkit/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('tables of the migrated database', () => {
  let harness: TestDatabase
  beforeAll(async () => {
    harness = await createTestDatabase()
  })
  afterAll(() => harness.drop())

  interface Row {
    name: string
    columns: string[]
    hasPolicy: boolean
    isForced: boolean
    hasPrimaryKey: boolean
  }

  const tables = async (): Promise<Row[]> => {
    const { rows } = await sql<Row>`
      select c.relname as name,
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
        exists (select from pg_policy p where p.polrelid = c.oid) as "hasPolicy",
        c.relrowsecurity and c.relforcerowsecurity as "isForced",
        exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary) as "hasPrimaryKey"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      order by c.relname
    `.execute(harness.database.kysely)
    return rows
  }

  /** Logs that belong to the platform and only say which organization a line is about; read through their own module. */
  const platformOwned = ['events']

  it('every one that an organization owns has a row-level security policy, also for the owner of the table', async () => {
    const owned = (await tables()).filter(({ columns }) => columns.includes('organization_id'))
    const open = owned.filter(
      ({ name, hasPolicy, isForced }) => !(hasPolicy && isForced) && !platformOwned.includes(name),
    )
    expect(open.map(({ name }) => name)).toEqual([])
    expect(owned.length).toBeGreaterThan(0)
  })

  it('every one is plural, in lower case, and has a primary key', async () => {
    const all = await tables()
    expect(all.filter(({ name }) => !/^[a-z][a-z0-9_]*$/.test(name)).map(({ name }) => name)).toEqual([])
    expect(all.filter(({ hasPrimaryKey }) => !hasPrimaryKey).map(({ name }) => name)).toEqual([])
  })

  it('instants carry a time zone and milliseconds', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and table_name <> 'schema_migrations'
        and (data_type = 'timestamp without time zone'
          or (data_type = 'timestamp with time zone' and datetime_precision <> 3))
    `.execute(harness.database.kysely)
    expect(rows.map(({ name }) => name)).toEqual([])
  })
})
