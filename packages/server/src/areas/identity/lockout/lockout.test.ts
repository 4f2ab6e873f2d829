import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

describe('lockout', () => {
  let server: TestServer
  let ask: Ask
  beforeEach(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    ask = createAsk(server.url)
  })
  afterEach(() => server.stop())

  const tryOn = (asking: Ask, login: string, password: string, address: string) =>
    asking('POST', '/api/auth/login', { body: { login, password }, headers: { 'x-forwarded-for': address } })
  const attempt = (login: string, password: string, address: string) => tryOn(ask, login, password, address)

  it('after five failures an account is locked from every address, also with the right password, on every replica', async () => {
    const { user } = await server.as('user')
    for (let count = 1; count <= 5; count++) {
      expect((await attempt(user.login, 'wrong', `203.0.113.${count}`)).status).toBe(401)
    }
    const locked = await attempt(user.login, testPassword, '203.0.113.99')
    expect([locked.status, locked.body.code]).toEqual([429, 'auth.locked'])
    expect(locked.headers.get('retry-after')).toBe('900')
    expect(locked.body.error).toContain('15 minutes')
    const replica = await server.replica()
    expect((await tryOn(createAsk(replica.url), user.login, testPassword, '203.0.113.98')).status).toBe(429)
    await replica.stop()
  })

  it('after five failures an address is locked for every account, and other addresses are not', async () => {
    const { user } = await server.as('user')
    for (let count = 1; count <= 5; count++) await attempt(`nobody-${count}`, 'wrong', '203.0.113.7')
    expect((await attempt(user.login, testPassword, '203.0.113.7')).status).toBe(429)
    expect((await attempt(user.login, testPassword, '203.0.113.8')).status).toBe(200)
  })

  it('an IPv6 client is locked with its whole network, whichever of its addresses it takes next', async () => {
    const { user } = await server.as('user')
    for (let count = 1; count <= 5; count++)
      await attempt(`nobody-${count}`, 'wrong', `2001:db8:1:2::${count}`)
    expect((await attempt(user.login, testPassword, '2001:db8:1:2:a:b:c:d')).status).toBe(429)
    expect((await attempt(user.login, testPassword, '2001:db8:1:3::1')).status).toBe(200)
  })

  it('a lock says nothing about whether the account exists', async () => {
    const { user } = await server.as('user')
    for (const [index, login] of [user.login, 'nobody-at-all'].entries()) {
      for (let count = 1; count <= 5; count++)
        await attempt(login, 'wrong', `203.0.113.${index * 10 + count}`)
    }
    const [known, unknown] = [
      await attempt(user.login, 'x', '203.0.113.91'),
      await attempt('nobody-at-all', 'x', '203.0.113.92'),
    ]
    expect([known.status, known.body.error]).toEqual([unknown.status, unknown.body.error])
  })

  it('ends by itself after its time', async () => {
    const { user } = await server.as('user')
    for (let count = 1; count <= 5; count++) await attempt(user.login, 'wrong', '203.0.113.7')
    server.clock.advance(899_000)
    expect((await attempt(user.login, testPassword, '203.0.113.7')).headers.get('retry-after')).toBe('1')
    server.clock.advance(1_000)
    expect((await attempt(user.login, testPassword, '203.0.113.7')).status).toBe(200)
  })

  it('guesses made at the same time do not outrun the count', async () => {
    const { user } = await server.as('user')
    const guesses = Array.from({ length: 20 }, (_, index) =>
      attempt(user.login, `guess-${index}`, `203.0.113.${index}`),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
  })

  it('honest sign-ins made at the same time are all served', async () => {
    const { user } = await server.as('user')
    const logins = Array.from({ length: 12 }, () => attempt(user.login, testPassword, '203.0.113.7'))
    expect((await Promise.all(logins)).map(({ status }) => status)).toEqual(Array(12).fill(200))
  })

  it('signing in does not wash away the failures of its address at other accounts', async () => {
    const attacker = await server.as('user')
    for (let round = 1; round <= 4; round++) {
      await attempt(`victim-${round}`, 'wrong', '203.0.113.7')
      await attempt(attacker.user.login, testPassword, '203.0.113.7')
    }
    await attempt('victim-5', 'wrong', '203.0.113.7')
    expect((await attempt(attacker.user.login, testPassword, '203.0.113.7')).status).toBe(429)
  })

  it('administrators see who is locked, and a new password lifts the lock', async () => {
    const admin = await server.as('superAdmin')
    const { user } = await server.as('user')
    const lockedLogins = async () => {
      const { body } = await ask('GET', '/api/auth/users', { headers: admin.headers })
      return (body as { username: string; locked: boolean }[])
        .filter(({ locked }) => locked)
        .map(({ username }) => username)
    }
    for (let count = 1; count <= 5; count++) await attempt(user.login, 'wrong', `203.0.113.${count}`)
    expect(await lockedLogins()).toEqual([user.login])
    const body = { username: user.login, new_password: 'Another-horse-9' }
    expect(
      (await ask('POST', '/api/auth/admin/reset-password', { body, headers: admin.headers })).status,
    ).toBe(200)
    expect(await lockedLogins()).toEqual([])
    expect((await attempt(user.login, 'Another-horse-9', '203.0.113.50')).status).toBe(200)
  })
})
