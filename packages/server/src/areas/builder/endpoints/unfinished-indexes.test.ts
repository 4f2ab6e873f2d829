import { randomBytes } from 'node:crypto'
import { createEndpoint, getEndpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { cancelOperation, getOperation } from '@holdfast/contracts/platform/operations'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The lock that records/repo/indexes.ts takes for a build. */
const turnLock = 7_300_010
const unique = { schema: [{ name: 'sku', type: 'string' as const, unique: true }] }

describe('a field whose unique index was not finished', () => {
  let server: TestServer
  let admin: TestUser
  let ask: ReturnType<typeof createAsk>
  beforeAll(async () => {
    server = await startTestServer()
    admin = await server.as('superAdmin')
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  async function define(path: string): Promise<string> {
    const schema = [{ name: 'sku', type: 'string' as const }]
    const body = { name: path, path, method: 'POST' as const, accessType: 'public' as const, schema }
    return (await admin.client.call(createEndpoint, { body })).data.id
  }
  const makeUnique = async (id: string) =>
    (await admin.client.call(updateEndpoint, { params: { id }, body: unique })).operationIds[0] ?? ''
  const stateOf = async (id: string) => (await admin.client.call(getOperation, { params: { id } })).data.state
  const reaches = (id: string, state: string) => until(async () => (await stateOf(id)) === state)
  const isUnique = async (id: string) =>
    (await admin.client.call(getEndpoint, { params: { id } })).data.schema[0]?.unique
  const statusOfSecond = async (path: string) => {
    await ask('POST', path, { body: { sku: 'twice' } })
    return (await ask('POST', path, { body: { sku: 'twice' } })).status
  }

  it('is not unique after a cancelled build, and asking again builds it', async () => {
    const id = await define('/api/cancelled')
    const other = await server.database.pool.connect()
    await other.query('select pg_advisory_lock($1)', [turnLock])
    const operation = await makeUnique(id)
    await reaches(operation, 'running')
    await admin.client.call(cancelOperation, { params: { id: operation } })
    await reaches(operation, 'cancelled')
    expect(await isUnique(id)).toBe(false)
    await other.query('select pg_advisory_unlock($1)', [turnLock])
    other.release()
    await reaches(await makeUnique(id), 'succeeded')
    expect(await isUnique(id)).toBe(true)
    expect(await statusOfSecond('/api/cancelled')).toBe(409)
  })

  it('is not unique after a build that failed for another reason than doubles, and the reason is told', async () => {
    const id = await define('/api/long')
    await ask('POST', '/api/long', { body: { sku: randomBytes(10_000).toString('hex') } })
    const operation = await makeUnique(id)
    await reaches(operation, 'failed')
    const { data } = await admin.client.call(getOperation, { params: { id: operation } })
    expect(data.problem).toMatchObject({ code: 'endpoints.values_too_long' })
    expect(data.problem?.error).toContain('"sku"')
    expect(await isUnique(id)).toBe(false)
    expect(await statusOfSecond('/api/long')).toBe(201)
  })

  it('is broken off while it builds, and leaves no index behind', async () => {
    const id = await define('/api/busy')
    // An old snapshot, which a concurrent build waits for.
    const reader = await server.database.pool.connect()
    await reader.query('begin isolation level repeatable read')
    await reader.query('select 1 from pg_class limit 1')
    const operation = await makeUnique(id)
    const building = `select 1 from pg_stat_activity where application_name = 'holdfast index'
      and datname = current_database() and query like 'create unique%' and wait_event_type = 'Lock'`
    await until(async () => (await server.database.pool.query(building)).rowCount === 1)
    await admin.client.call(cancelOperation, { params: { id: operation } })
    await reaches(operation, 'cancelled')
    const unfinished = 'select indexrelid::regclass::text as name from pg_index where not indisvalid'
    expect((await server.database.pool.query(unfinished)).rows).toEqual([])
    await reader.query('rollback')
    reader.release()
    expect(await isUnique(id)).toBe(false)
    expect(await statusOfSecond('/api/busy')).toBe(201)
  })
})
