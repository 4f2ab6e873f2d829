import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@holdfast/contracts/kit/client'
import { createGroup, getGroup } from '@holdfast/contracts/identity/groups'
import { updateSettings } from '@holdfast/contracts/platform/settings'
import { createTestDatabase } from '@holdfast/testkit/database'
import { expect, it, onTestFinished } from 'vitest'
import { administrator, createRunningServer, until } from './running-server.ts'

/** What must hold on another server "within a second". */
const soonMs = 1_000

it('two server processes share the database of DATABASE_URL: sessions, settings, endpoints and records, over a restart', {
  timeout: 180_000,
}, async () => {
  const { database, drop } = await createTestDatabase()
  onTestFinished(drop)
  const environment = {
    DATABASE_URL: urlOf(database.connection),
    HOLDFAST_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  const [first, second] = await Promise.all([
    createRunningServer(environment),
    createRunningServer(environment),
  ])
  onTestFinished(async () => {
    await Promise.all([first.remove(), second.remove()])
  })
  await first.start()
  await second.start()
  // Nothing private was started, and nothing prepared for it.
  for (const { data, postgresPid } of [first, second])
    expect([postgresPid(), existsSync(join(data, 'postgres'))]).toEqual([null, false])

  const login = await fetch(`${first.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const { token } = (await login.json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const clientOf = ({ url }: { url: string }) => createClient({ baseUrl: url, headers: () => headers })
  const [here, there] = [clientOf(first), clientOf(second)]
  const { data: group } = await here.call(createGroup, { body: { name: 'Shared', permissions: [] } })
  expect((await there.call(getGroup, { params: { id: group.id } })).data.name).toBe('Shared')

  await here.call(updateSettings, { body: { rateLimitAddressMax: 777 } })
  await until(
    async () => (await fetch(`${second.url}/api/groups`)).headers.get('x-ratelimit-limit') === '777',
    soonMs,
  )
  await first.defineEndpoint('/api/shared')
  await until(async () => (await fetch(`${second.url}/api/shared`)).status === 200, soonMs)
  const created = await fetch(`${second.url}/api/shared`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"from":"second"}',
  })
  const { data: record } = (await created.json()) as { data: { id: string } }
  expect((await fetch(`${first.url}/api/shared/${record.id}`)).status).toBe(200)

  expect(await first.signal('SIGTERM')).toBe(0)
  expect((await fetch(`${second.url}/api/shared/${record.id}`)).status).toBe(200)
  await first.start()
  expect((await fetch(`${first.url}/api/shared/${record.id}`)).status).toBe(200)
  expect((await fetch(`${first.url}/api/groups`, { headers })).status).toBe(200)
})

/** The address as an operator writes it; a folder stands for the unix socket in it. */
function urlOf(connection: Awaited<ReturnType<typeof createTestDatabase>>['database']['connection']): string {
  if (typeof connection === 'string') return connection
  const { user = '', host = '', port = 5432, database = '' } = connection
  return `postgresql://${user}@${encodeURIComponent(host)}:${port}/${database}`
}
