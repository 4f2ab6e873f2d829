import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** The sample plugin of the repository, as a process of its own. */

const program = join(import.meta.dirname, '../../../../../../examples/plugin-sample/plugin.mjs')

let server: TestServer
let directory: string
let ask: ReturnType<typeof createAsk>
let headers: Record<string, string>
const processes: ChildProcess[] = []
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sample-plugin-'))
  server = await startTestServer({ HOLDFAST_OUTBOUND_ALLOW: '127.0.0.1' })
  ask = createAsk(server.url)
  headers = (await server.as('superAdmin')).headers
})
afterAll(async () => {
  await Promise.all(processes.map(stopped))
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

/** Starts it; answers what it has said so far. */
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      HOLDFAST_URL: server.url,
      PLUGIN_PORT: '0',
      PLUGIN_STATE: join(directory, 'state.json'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  processes.push(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const said = () =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { child, said }
}

it('registers, is active, checks and completes orders, is told of them, and starts again without registering', async () => {
  const schema = [
    { name: 'quantity', type: 'number', required: true },
    { name: 'status', type: 'string' },
  ]
  const orders = { name: 'Orders', path: '/api/orders', method: 'POST', accessType: 'public', schema }
  await ask('POST', '/api/endpoints', { headers, body: orders })
  const token = (
    await ask('POST', '/api/tokens', {
      headers,
      body: { name: 'Plugins', scopes: ['plugins:*', 'records:read'] },
    })
  ).body.data.token as string

  const first = start({ HOLDFAST_TOKEN: token })
  await until(() => first.said().some(({ message }) => message === 'heartbeat'), {
    what: 'its first heartbeat',
  })
  const plugin = async () => (await ask('GET', '/api/plugins/order-tally', { headers })).body.data
  expect(await plugin()).toMatchObject({ status: 'active', health: 'healthy', scopes: ['records:read'] })
  expect((await ask('POST', '/api/plugins/order-tally/check', { headers })).body.data.health).toBe('healthy')
  expect((await stat(join(directory, 'state.json'))).mode & 0o077).toBe(0)

  await until(() => server.platform.plugins.hooks.of('/api/orders', 'create') !== null)
  const refused = await ask('POST', '/api/orders', { body: { quantity: 0 } })
  expect([refused.status, refused.body.error]).toEqual([400, 'The quantity must be between 1 and 100.'])
  const made = await ask('POST', '/api/orders', { body: { quantity: 3 } })
  expect([made.status, made.body.data]).toMatchObject([201, { quantity: 3, status: 'checked' }])
  const told = await until(() => first.said().find(({ event }) => event === 'record.created'), {
    what: 'the after hook',
  })
  expect(told.tally).toEqual({ created: 1, refused: 1 })

  expect(await stopped(first.child)).toBe(0)
  expect((await ask('POST', '/api/orders', { body: { quantity: 3 } })).status).toBe(503)
  await ask('PUT', '/api/plugins/order-tally/config', { headers, body: { quantity_max: 2 } })
  const second = start({})
  await until(() => second.said().some(({ message }) => message === 'configured'), {
    what: 'its configuration',
  })
  expect(second.said().some(({ message }) => message === 'registered')).toBe(false)
})

it('without a token to register with it says so and ends', async () => {
  const { child, said } = start({ PLUGIN_STATE: join(directory, 'none.json') })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expect([code, said()[0]?.error]).toEqual([1, expect.stringContaining('HOLDFAST_TOKEN')])
})
