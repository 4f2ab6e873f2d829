import { createTestDatabase } from '@holdfast/testkit/database'
import { sealedColumns } from '@holdfast/server/sealing/columns'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { pathsWith, sources } from './sources.ts'

const listed = Object.values(sealedColumns).map(({ table, column }) => `${table}.${column}`)

describe('sealed values', () => {
  it('stand in no column that a new master key would pass over', async () => {
    const { database, drop } = await createTestDatabase()
    try {
      const { rows } = await sql<{ name: string }>`
        select table_name || '.' || column_name as name from information_schema.columns
        where table_schema = 'public' and column_name ~ '(^|_)sealed$'
      `.execute(database.kysely)
      expect(rows.length).toBeGreaterThan(5)
      expect(rows.map(({ name }) => name).filter((name) => !listed.includes(name))).toEqual([])
    } finally {
      await drop()
    }
  })

  it('are sealed for a purpose of that list, or leave the server in a cookie', () => {
    const callers = pathsWith(sources('packages/server/src/**/*.ts'), /\benvelope\.seal\(/)
    const withPurpose = pathsWith(
      sources('packages/server/src/**/*.ts'),
      /\bsealedColumns\.\w+|\bpassphrasePurpose\b/,
    )
    expect(callers.length).toBeGreaterThan(5)
    // A round trip to a provider is over in minutes.
    const inCookie = ['packages/server/src/areas/identity/oauth/flow.ts']
    expect(callers.filter((path) => !withPurpose.includes(path) && !inCookie.includes(path))).toEqual([])
  })
})
