import { randomBytes } from 'node:crypto'
import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCsrf } from './csrf.ts'

describe('CSRF', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  let made = 0
  const createGroup = (headers: Record<string, string>) =>
    ask('POST', '/api/groups', { body: { name: `Group ${++made}` }, headers })
  const tokenFor = async (cookie: string, path = '/api/csrf-token') =>
    (await ask('GET', path, { headers: { cookie } })).body.csrfToken as string

  it('a change that only the cookie vouches for is refused, and nothing has changed', async () => {
    const { cookie } = await server.as('superAdmin')
    const { status, body } = await createGroup({ cookie })
    expect([status, body.code]).toEqual([403, 'auth.csrf_invalid'])
    const names = await server.database.kysely
      .selectFrom('groups')
      .select('name')
      .where('name', 'like', 'Group %')
      .execute()
    expect(names).toEqual([])
  })

  it('the token of the session lets it through, and both addresses give the same', async () => {
    const { cookie } = await server.as('superAdmin')
    const token = await tokenFor(cookie)
    expect(await tokenFor(cookie, '/api/auth/csrf-token')).toBe(token)
    expect((await createGroup({ cookie, 'x-csrf-token': token })).status).toBe(201)
  })

  it('the token of another session, or of nobody, does not', async () => {
    const { cookie } = await server.as('superAdmin')
    const other = await server.as('superAdmin')
    const nobodys = (await ask('GET', '/api/csrf-token')).body.csrfToken
    for (const token of [await tokenFor(other.cookie), nobodys, '']) {
      expect((await createGroup({ cookie, 'x-csrf-token': token })).status).toBe(403)
    }
  })

  it('a token that was given out under the master key before is still good under a new one', () => {
    const [older, newer] = ['older', 'newer'].map((id) => ({ id, key: randomBytes(32) }))
    if (older === undefined || newer === undefined) throw new Error('There are two keys.')
    const token = createCsrf([older]).issue('session')
    expect(createCsrf([newer, older]).matches('session', token)).toBe(true)
    expect(createCsrf([newer, older]).matches('another', token)).toBe(false)
    expect(createCsrf([newer]).matches('session', token)).toBe(false)
  })

  it('bearer requests never need one', async () => {
    const { headers } = await server.as('superAdmin')
    expect((await createGroup(headers)).status).toBe(201)
  })

  it('is checked after the permission: who may not do it at all is told that', async () => {
    const { cookie } = await server.as('viewer')
    expect((await createGroup({ cookie })).body.code).toBe('auth.forbidden')
  })
})
