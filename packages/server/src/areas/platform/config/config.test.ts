import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig, serverSettings } from '../../../config.ts'
import { environmentKeys } from './rules.ts'

let server: TestServer
let ask: ReturnType<typeof createAsk>
let headers: Record<string, string>
beforeAll(async () => {
  server = await startTestServer({
    HOLDFAST_SETTINGS: '{"endpointsPerPage":12}',
    HOLDFAST_SMTP_URL: 'smtp://user:hidden-one@mail.example.com:587',
  })
  ask = createAsk(server.url)
})
afterAll(() => server.stop())
beforeEach(async () => {
  headers = (await server.as('superAdmin')).headers
})

const put = (body: object) => ask('PUT', '/api/config', { headers, body })
const get = async () => (await ask('GET', '/api/config', { headers })).body
const history = async (key: string, query = '') =>
  (await ask('GET', `/api/config/${key}/history${query}`, { headers })).body
const stored = async () => {
  const rows = await server.database.kysely.selectFrom('config_history').selectAll().execute()
  return { rows: rows.length, version: Math.max(0, ...rows.map(({ version }) => version)) }
}

describe('the configuration', () => {
  it('takes one key with a reason, and answers both as reference 001 and as one document', async () => {
    const { status, body } = await put({ key: 'shop.open', value: { from: 8, to: 18 }, reason: 'Summer' })
    expect([status, body.status, body.key]).toEqual([200, 'ok', 'shop.open'])
    expect(body.data['shop.open']).toEqual({ from: 8, to: 18 })
    const one = (await ask('GET', '/api/config/shop.open', { headers })).body.data
    expect(one).toMatchObject({ source: 'stored', scope: 'global', kind: 'free', reason: 'Summer' })
    expect(one.version).toBe(body.version)
  })

  it('changes a part of itself: several keys are one version, null removes a key', async () => {
    const first = await put({ alpha: 1, beta: 'two', reason: 'Two at once' })
    expect((await history('alpha')).data[0]).toMatchObject({ version: first.body.version, old: null, new: 1 })
    expect((await history('beta')).data[0].version).toBe(first.body.version)
    const second = await put({ alpha: null })
    expect('alpha' in second.body.data).toBe(false)
    expect(second.body.data.beta).toBe('two')
    expect((await history('alpha')).data.map(({ new: value }: { new: unknown }) => value)).toEqual([null, 1])
  })

  it('and the settings are one: a change of either holds for both and is in the history', async () => {
    await put({ usersPerPage: 31, reason: 'Wider screens' })
    expect((await ask('GET', '/api/settings', { headers })).body.data.settings.usersPerPage).toBe(31)
    await ask('PUT', '/api/settings', { headers, body: { usersPerPage: 44 } })
    expect((await get()).data.usersPerPage).toBe(44)
    expect((await history('usersPerPage')).data).toMatchObject([
      { old: 31, new: 44, reason: null },
      { old: null, new: 31, reason: 'Wider screens' },
    ])
    expect((await put({ usersPerPage: null })).body.data.usersPerPage).toBe(20)
  })

  it('never shows a secret, in no answer, history, log or audit entry, and keeps it sealed', async () => {
    await put({ key: 'mail.password', value: 'first-secret-value', is_sensitive: true })
    await put({ 'mail.password': 'second-secret-value' })
    const seen = JSON.stringify([
      await get(),
      (await ask('GET', '/api/config/mail.password', { headers })).body,
      await history('mail.password'),
      (await ask('GET', '/api/audit?limit=200', { headers })).body,
      await server.database.kysely.selectFrom('settings').selectAll().execute(),
      await server.database.kysely.selectFrom('config_history').selectAll().execute(),
      await server.database.kysely.selectFrom('events').selectAll().execute(),
    ])
    expect(seen).not.toContain('secret-value')
    expect((await get()).data).toMatchObject({ 'has_mail.password': true })
    const { data } = await history('mail.password')
    expect(data).toHaveLength(2)
    const back = await ask('POST', '/api/config/mail.password/rollback', {
      headers,
      body: { version: data[1].version },
    })
    expect(back.body.data).toMatchObject({ is_sensitive: true, has_value: true, value: null })
  })

  it('goes back to a version, which is a change as any other', async () => {
    const { body } = await put({ key: 'colour', value: 'red' })
    await put({ key: 'colour', value: 'blue', reason: 'Rebranding' })
    const back = await ask('POST', '/api/config/colour/rollback', {
      headers,
      body: { version: body.version, reason: 'Nobody liked it' },
    })
    expect(back.body.data).toMatchObject({ value: 'red', reason: 'Nobody liked it' })
    const page = await history('colour', '?limit=2')
    expect(page.data.map(({ new: value }: { new: unknown }) => value)).toEqual(['red', 'blue'])
    const rest = await history('colour', `?limit=2&cursor=${page.next_cursor}`)
    expect([rest.data.length, rest.next_cursor]).toEqual([1, null])
  })

  it('shows what the environment sets, hides its secrets, and refuses to change it with the variable to change', async () => {
    const { data, meta } = await get()
    expect(data).toMatchObject({ endpointsPerPage: 12, has_HOLDFAST_SMTP_URL: true, HOST: '127.0.0.1' })
    expect(JSON.stringify(data)).not.toContain('hidden-one')
    const sourceOf = (key: string) => meta.entries.find((one: { key: string }) => one.key === key)?.source
    expect([sourceOf('endpointsPerPage'), sourceOf('HOLDFAST_SMTP_URL'), sourceOf('appName')]).toEqual([
      'environment',
      'environment',
      'default',
    ])
    const before = await stored()
    const setting = await put({ endpointsPerPage: 99 })
    expect([setting.status, setting.body.code]).toEqual([409, 'config.set_by_environment'])
    expect(setting.body.error).toContain('HOLDFAST_SETTINGS')
    const variable = await put({ key: 'HOLDFAST_SMTP_URL', value: 'smtp://other' })
    expect([variable.status, variable.body.error.includes('HOLDFAST_SMTP_URL')]).toEqual([409, true])
    const page = await ask('PUT', '/api/settings', { headers, body: { endpointsPerPage: 99 } })
    expect(page.status).toBe(409)
    expect(await stored()).toEqual(before)
  })

  it('sent back as it was shown changes nothing', async () => {
    await put({ key: 'a.secret', value: 'hush', is_sensitive: true })
    const before = await stored()
    const { status } = await put((await get()).data)
    expect(status).toBe(200)
    expect(await stored()).toEqual(before)
  })

  it.each([
    [{ usersPerPage: 3 }, 'body.usersPerPage'],
    [{ key: 'appName', value: 'x', is_sensitive: true }, 'body.appName'],
    [{ key: 'has_x', value: 1 }, 'body.key'],
    [{ 'a b': 1 }, 'body.a b'],
    [{ key: 'x' }, 'body.value'],
    [{ key: 'x', value: 1, other: 2 }, 'body.other'],
    [{ big: 'x'.repeat(17_000) }, 'body.big'],
    [{ backups: 1 }, 'body.backups'],
  ])('%j is refused at its field', async (body, path) => {
    const before = await stored()
    const answer = await put(body)
    expect([answer.status, answer.body.details?.[0]?.path]).toEqual([400, path])
    expect(await stored()).toEqual(before)
  })

  it('opens to a service token with the scope config, and to nobody without', async () => {
    const admin = await server.as('superAdmin')
    const tokenOf = async (scopes: string[]) =>
      (await ask('POST', '/api/tokens', { headers: admin.headers, body: { name: 'T', scopes } })).body.data
        .token as string
    const [reads, writes, other] = [
      await tokenOf(['config:read']),
      await tokenOf(['config:*']),
      await tokenOf(['users:read']),
    ]
    const as = (token: string) => ({ authorization: `Bearer ${token}` })
    const reading = (token: string) => ask('GET', '/api/config', { headers: as(token) })
    expect((await Promise.all([reads, writes, other].map(reading))).map(({ status }) => status)).toEqual([
      200, 200, 403,
    ])
    const writing = (token: string) =>
      ask('PUT', '/api/config', { headers: as(token), body: { key: 'by.token', value: true } })
    expect((await Promise.all([reads, writes].map(writing))).map(({ status }) => status)).toEqual([403, 200])
  })
})

it('every variable that may hold a secret is a secret', () => {
  const shown = environmentKeys(serverSettings, readConfig({})).filter(({ isSensitive }) => !isSensitive)
  expect(
    shown.map(({ key }) => key).filter((key) => /KEY|SECRET|PASSWORD|SMTP|DATABASE_URL/.test(key)),
  ).toEqual([])
  expect(shown.length).toBeGreaterThan(5)
})
