import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalsLoggedMax } from './refusals.ts'

describe('refused changes', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  const entriesOf = (userId: string) =>
    server.database.kysely
      .selectFrom('activity')
      .select(['action', 'message', 'status_code', 'source', 'request_id', 'details'])
      .where('user_id', '=', userId)
      .where('action', '=', 'access_denied')
      .orderBy('id')
      .execute()
  const auditCount = async () =>
    (await server.database.kysely.selectFrom('audit_entries').select('id').execute()).length

  it('are in the activity log, with who, what and why, and not in the audit trail', async () => {
    const ask = createAsk(server.url)
    const { user, headers, cookie } = await server.as('user')
    const before = await auditCount()
    await ask('POST', '/api/groups', { body: { name: 'Mine', permissions: [] }, headers })
    await ask('DELETE', '/api/users/not-even-an-id?search=secret', { headers })
    await ask('PUT', '/api/profile', { body: { name: 'x' }, headers: { cookie } })
    // Nothing would have changed, and nobody asked: neither is a refused change.
    await ask('GET', '/api/settings', { headers })
    await ask('POST', '/api/groups', { body: { name: 'Mine', permissions: [] } })
    await server.platform.activity.flush()
    expect(await entriesOf(user.id)).toMatchObject([
      {
        message: `${user.login} was refused POST /api/groups`,
        status_code: 403,
        source: 'direct',
        request_id: expect.any(String),
        details: { code: 'auth.forbidden' },
      },
      { message: `${user.login} was refused DELETE /api/users/{id}` },
      { message: `${user.login} was refused PUT /api/profile`, details: { code: 'auth.csrf_invalid' } },
    ])
    expect(await auditCount()).toBe(before)
  })

  it('fill no log: what goes beyond a few a minute is counted', async () => {
    const ask = createAsk(server.url)
    const { user, headers } = await server.as('user')
    const refuse = () => ask('POST', '/api/groups', { body: {}, headers })
    for (let count = 0; count < refusalsLoggedMax + 3; count += 1) await refuse()
    server.clock.advance(60_000)
    await refuse()
    await server.platform.activity.flush()
    const entries = await entriesOf(user.id)
    expect(entries).toHaveLength(refusalsLoggedMax + 1)
    expect(entries.at(-1)?.details).toMatchObject({ notLoggedBefore: 3 })
  })
})
