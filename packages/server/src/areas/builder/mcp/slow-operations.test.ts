import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Progress } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startTestServer()
  const admin = await server.as('superAdmin')
  client = new Client({ name: 'test', version: '1' })
  const url = new URL(`${server.url}/api/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: admin.headers } }))
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

const makeBackup = 'post_api_config_backup'
let goOn: () => Promise<void>

/** A backup reads table after table: it waits before this one, and has told of those before it by then. */
beforeEach(async () => {
  const holder = await server.database.pool.connect()
  await holder.query('begin')
  await holder.query('lock table user_identities in access exclusive mode')
  let isHeld = true
  goOn = async () => {
    if (!isHeld) return
    isHeld = false
    await holder.query('rollback')
    holder.release()
  }
  onTestFinished(() => goOn())
})

async function newestOperation() {
  return server.database.kysely
    .selectFrom('operations')
    .select(['state', 'cancel_requested'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
}

describe('a tool that starts an operation', () => {
  it('tells how far it is until it is done, and answers the end', async () => {
    const heard: Progress[] = []
    const call = client.callTool({ name: makeBackup, arguments: { body: {} } }, undefined, {
      onprogress: (progress) => heard.push(progress),
      timeout: 60_000,
    })
    await until(() => heard.some(({ progress }) => progress > 0), { what: 'progress of the backup' })
    expect((await newestOperation()).state).toBe('running')
    await goOn()
    expect((await call).structuredContent).toMatchObject({
      success: true,
      data: { kind: 'backups.create', state: 'succeeded' },
    })
    const steps = heard.map(({ progress }) => progress)
    expect(steps.length).toBeGreaterThanOrEqual(3)
    expect(steps).toEqual([...new Set(steps)].toSorted((one, other) => one - other))
    // Its second half is the proof by restoring.
    expect(steps.at(-1)).toBeGreaterThan((heard.at(-1)?.total ?? Number.POSITIVE_INFINITY) / 2)
    expect(heard.some(({ message }) => message === 'Saving the database')).toBe(true)
  })

  it('stops it when the call is cancelled', async () => {
    const abort = new AbortController()
    const call = client.callTool({ name: makeBackup, arguments: { body: {} } }, undefined, {
      signal: abort.signal,
      onprogress: ({ progress }) => {
        if (progress > 0) abort.abort('enough')
      },
      timeout: 60_000,
    })
    await expect(call).rejects.toThrow('enough')
    await until(async () => (await newestOperation()).cancel_requested, { what: 'the request to cancel' })
    await goOn()
    await until(async () => (await newestOperation()).state === 'cancelled', {
      what: 'the end of the backup',
    })
  })
})
