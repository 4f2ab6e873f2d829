import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { publishedAheadMs } from './service.ts'

describe('signing keys', () => {
  let server: TestServer
  let ask: Ask
  beforeAll(async () => {
    server = await startTestServer()
    ask = createAsk(server.url)
  })
  afterAll(() => server.stop())

  const published = async (): Promise<JSONWebKeySet> => (await ask('GET', '/.well-known/jwks.json')).body
  const status = async (token: string, asking = ask) =>
    (await asking('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } })).status
  const keyOf = (token: string) => decodeProtectedHeader(token).kid

  it('whoever has the published keys verifies a token without asking', async () => {
    const { accessToken, user } = await server.as('user')
    const { payload, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(await published()), {
      currentDate: server.clock.now(),
    })
    expect(payload).toMatchObject({ sub: user.id, iss: 'holdfast', use: 'access' })
    expect(protectedHeader.alg).toBe('EdDSA')
    expect(JSON.stringify(payload)).not.toContain('view')
  })

  it('only public halves are published, and private ones are sealed at rest', async () => {
    await server.as('user')
    for (const key of (await published()).keys) expect(key).not.toHaveProperty('d')
    const rows = await server.database.kysely
      .selectFrom('signing_keys')
      .select(['private_key_sealed', 'public_key'])
      .execute()
    for (const row of rows) {
      expect(row.private_key_sealed).toMatch(/^hf1\./)
      expect(JSON.stringify(row.public_key)).not.toContain('"d"')
    }
  })

  it('two servers that start together on an empty database sign with one key', async () => {
    const fresh = await startTestServer()
    const replica = await fresh.replica()
    const keys = (url: string) => createAsk(url)('GET', '/.well-known/jwks.json')
    const [mine, theirs] = await Promise.all([keys(fresh.url), keys(replica.url)])
    expect(mine.body.keys).toHaveLength(1)
    expect(theirs.body).toEqual(mine.body)
    await replica.stop()
    await fresh.stop()
  })

  it('the next key is published before it signs, and the one before stays good until its tokens have ended', async () => {
    const replica = await server.replica()
    const there = createAsk(replica.url)
    const before = await server.as('user')
    const nextKey = await server.identity.keys.rotate(systemContext('tests'))
    const early = await server.as('user')
    expect((await published()).keys.map(({ kid }) => kid)).toContain(nextKey)
    expect(keyOf(early.accessToken)).not.toBe(nextKey)
    server.clock.advance(publishedAheadMs)
    const after = await server.as('user')
    expect(keyOf(after.accessToken)).toBe(nextKey)
    for (const token of [before.token, early.token, after.token]) expect(await status(token, there)).toBe(200)
    server.clock.advance(6 * 24 * 3_600_000)
    expect(await status(before.token)).toBe(200)
    server.clock.advance(3 * 24 * 3_600_000)
    expect((await published()).keys.map(({ kid }) => kid)).toEqual([nextKey])
    await replica.stop()
  })

  it('a key is turned once a quarter', async () => {
    const { keys } = server.identity
    const count = async () =>
      (await server.database.kysely.selectFrom('signing_keys').select('id').execute()).length
    const atFirst = await count()
    await keys.rotateWhenDue(systemContext('tests'))
    expect(await count()).toBe(atFirst)
    server.clock.advance(91 * 24 * 3_600_000)
    await keys.rotateWhenDue(systemContext('tests'))
    await keys.rotateWhenDue(systemContext('tests'))
    expect(await count()).toBe(2)
  })
})
