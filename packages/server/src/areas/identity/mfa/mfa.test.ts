import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { type TestUser, testPassword } from '@holdfast/testkit/people'
import { codeAt, turnOnMfa } from '@holdfast/testkit/second-factor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stepOf } from './codes.ts'

const stepMs = 30_000

describe('the second factor', () => {
  let server: TestServer
  let ask: Ask
  let addresses = 0
  beforeEach(async () => {
    server = await startTestServer({ HOLDFAST_TRUSTED_PROXIES: '1' })
    ask = createAsk(server.url)
  })
  afterEach(() => server.stop())

  const from = () => ({ 'x-forwarded-for': `198.51.100.${++addresses % 250}` })
  const now = () => server.clock.nowMs()

  async function withMfa() {
    const person = await server.as('editor')
    const { secret, recoveryCodes } = await turnOnMfa(person, server.clock)
    // The code that turned it on is used up: the next step has another one.
    server.clock.advance(stepMs)
    return { person, secret, recoveryCodes }
  }

  async function challengeOf({ user }: TestUser): Promise<string> {
    const body = { email: user.email, password: testPassword }
    const answer = await ask('POST', '/v1/auth/login', { body, headers: from() })
    return answer.body.challenge_token as string
  }

  const answer = (challenge: string, code: string) =>
    ask('POST', '/v1/auth/mfa/challenge', { body: { challenge_token: challenge, code }, headers: from() })

  it('is set up with a secret, an address and a picture, and counts once a code is verified', async () => {
    const person = await server.as('editor')
    const { headers, user } = person
    const enrolled = await ask('POST', '/v1/auth/mfa/enroll', { headers })
    expect(enrolled.body.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(enrolled.body.otpauth_uri).toContain(`:${user.login}?`)
    expect(enrolled.body.otpauth_uri).toContain('&secret=' + enrolled.body.secret)
    expect(enrolled.body.qr_svg).toMatch(/^<svg /)
    const status = async () => (await ask('GET', '/v1/auth/mfa/status', { headers })).body
    expect(await status()).toEqual({ enabled: false, recovery_codes_left: 0 })
    // A factor that was only begun asks for nothing.
    expect((await server.signIn(user.login)).user.id).toBe(user.id)
    const code = codeAt(enrolled.body.secret as string, now())
    const verified = await ask('POST', '/v1/auth/mfa/verify', { body: { code }, headers })
    expect(verified.body.recovery_codes).toHaveLength(10)
    expect(await status()).toEqual({ enabled: true, recovery_codes_left: 10 })
  })

  it('without a code there is no credential, at either door', async () => {
    const { person } = await withMfa()
    const api = await ask('POST', '/api/auth/login', {
      body: { login: person.user.login, password: testPassword },
      headers: from(),
    })
    expect(api.body).toEqual({
      success: true,
      data: { mfaRequired: true, challengeToken: expect.stringMatching(/^hfc_/) },
    })
    expect(api.headers.getSetCookie()).toEqual([])
    const v1 = await ask('POST', '/v1/auth/login', {
      body: { email: person.user.email, password: testPassword },
      headers: from(),
    })
    expect(v1.body).toEqual({ mfa_required: true, challenge_token: expect.stringMatching(/^hfc_/) })
    for (const token of [api.body.data.challengeToken, v1.body.challenge_token] as string[]) {
      const me = await ask('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } })
      expect(me.status).toBe(401)
    }
  })

  it('a right code finishes the sign-in, in the form of either reference', async () => {
    const { person, secret } = await withMfa()
    const v1 = await answer(await challengeOf(person), codeAt(secret, now()))
    expect(v1.body).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) })
    server.clock.advance(stepMs)
    const challengeToken = await challengeOf(person)
    const api = await ask('POST', '/api/auth/mfa/challenge', {
      body: { challengeToken, code: codeAt(secret, now()) },
      headers: from(),
    })
    expect(api.body).toMatchObject({ success: true, data: { user: { id: person.user.id } } })
    expect(api.headers.getSetCookie()[0]).toMatch(/^holdfast_session=/)
  })

  it('takes the codes of one step before and after, and no others', async () => {
    const { person, secret } = await withMfa()
    for (const [offset, status] of [
      [-2 * stepMs, 401],
      [2 * stepMs, 401],
      [stepMs, 200],
    ] as const) {
      const { status: got } = await answer(await challengeOf(person), codeAt(secret, now() + offset))
      expect([offset, got]).toEqual([offset, status])
    }
  })

  it('no code works twice, also not for two who use it at the same time', async () => {
    const { person, secret } = await withMfa()
    const challenges = [await challengeOf(person), await challengeOf(person), await challengeOf(person)]
    const code = codeAt(secret, now())
    const answers = await Promise.all(challenges.slice(0, 2).map((challenge) => answer(challenge, code)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
    expect((await answer(challenges[2] ?? '', code)).body.code).toBe('mfa.challenge_refused')
    // Nor an earlier one, after a later one was used.
    expect((await answer(challenges[2] ?? '', codeAt(secret, now() - stepMs))).status).toBe(401)
  })

  it('a challenge works once and for five minutes', async () => {
    const { person, secret } = await withMfa()
    const used = await challengeOf(person)
    expect((await answer(used, codeAt(secret, now()))).status).toBe(200)
    server.clock.advance(stepMs)
    expect((await answer(used, codeAt(secret, now()))).body.code).toBe('mfa.challenge_invalid')
    const late = await challengeOf(person)
    server.clock.advance(5 * 60_000)
    expect((await answer(late, codeAt(secret, now()))).body.code).toBe('mfa.challenge_invalid')
  })

  it('five attempts a minute are looked at, over all challenges of the account and also at the same time', async () => {
    const { person, secret } = await withMfa()
    const challenges = await Promise.all(Array.from({ length: 8 }, () => challengeOf(person)))
    const guesses = await Promise.all(challenges.map((challenge) => answer(challenge, '000000x')))
    const statuses = guesses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    const refused = guesses.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    const right = codeAt(secret, now())
    expect((await answer(challenges[0] ?? '', right)).status).toBe(429)
    server.clock.advance(60_000)
    expect((await answer(challenges[0] ?? '', codeAt(secret, now()))).status).toBe(200)
  })

  it('a recovery code works once in place of a code, however it is typed', async () => {
    const { person, recoveryCodes } = await withMfa()
    const [first = ''] = recoveryCodes
    const typed = first.toUpperCase().replace('-', ' ')
    expect((await answer(await challengeOf(person), typed)).status).toBe(200)
    expect((await answer(await challengeOf(person), first)).status).toBe(401)
    const status = await ask('GET', '/v1/auth/mfa/status', { headers: person.headers })
    expect(status.body.recovery_codes_left).toBe(9)
    const renewed = await ask('POST', '/v1/auth/mfa/recovery-codes', {
      body: { code: recoveryCodes[1] },
      headers: person.headers,
    })
    expect(renewed.body.recovery_codes).toHaveLength(10)
    expect((await answer(await challengeOf(person), recoveryCodes[2] ?? '')).status).toBe(401)
  })

  it('the secret and the recovery codes are not readable in the database', async () => {
    const { secret, recoveryCodes } = await withMfa()
    const factors = await server.database.kysely.selectFrom('user_mfa').selectAll().execute()
    const codes = await server.database.kysely.selectFrom('mfa_recovery_codes').selectAll().execute()
    const stored = JSON.stringify([factors, codes.map(({ hash }) => hash.toString('latin1'))])
    for (const plain of [secret, ...recoveryCodes]) expect(stored).not.toContain(plain)
  })

  it('is turned off with a code, and with the password too once the sign-in is old', async () => {
    const { person, secret } = await withMfa()
    server.clock.advance(10 * 60_000)
    const { body: fresh } = await answer(await challengeOf(person), codeAt(secret, now()))
    server.clock.advance(10 * 60_000)
    const headers = { authorization: `Bearer ${fresh.access_token}` }
    const off = (body: object) => ask('POST', '/v1/auth/mfa/disable', { body, headers })
    expect((await off({ code: codeAt(secret, now()) })).body.code).toBe('mfa.password_required')
    expect((await off({ code: codeAt(secret, now()), password: 'wrong' })).body.code).toBe(
      'auth.password_wrong',
    )
    expect((await off({ code: '000000x', password: testPassword })).body.code).toBe('mfa.code_wrong')
    const done = await off({ code: codeAt(secret, now()), password: testPassword })
    expect([done.status, done.body]).toEqual([200, { enabled: false }])
    expect((await server.signIn(person.user.login)).user.id).toBe(person.user.id)
  })

  it('an administrator removes it for somebody who lost it, and that is written down', async () => {
    const admin = await server.as('superAdmin')
    const { person } = await withMfa()
    expect((await ask('DELETE', `/api/users/${person.user.id}/mfa`, { headers: admin.headers })).status).toBe(
      200,
    )
    expect((await server.signIn(person.user.login)).user.id).toBe(person.user.id)
    const entries = await server.database.kysely
      .selectFrom('audit_entries')
      .select(['actor_id', 'target_id'])
      .where('action', '=', 'mfa.reset')
      .execute()
    expect(entries).toEqual([{ actor_id: admin.user.id, target_id: person.user.id }])
  })
})

describe('time-based codes', () => {
  /** RFC 6238, appendix B: SHA-1, of which six digits are shown here. */
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [2000000000, '279037'],
  ])('at second %d the code is that of RFC 6238', (seconds, code) => {
    expect(stepOf(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
    expect(
      stepOf(
        secret,
        code.replace(/^./, (digit) => String((Number(digit) + 1) % 10)),
        seconds * 1000,
      ),
    ).toBeNull()
  })

  it('are those of oathtool, or of the RFC where it is not installed', async () => {
    const now = new Date(1_234_567_890_000)
    const time = now.toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
    const code = await promisify(execFile)('oathtool', ['--totp', '--base32', '--now', time, secret]).then(
      ({ stdout }) => stdout.trim(),
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '005924' : Promise.reject(error)),
    )
    expect(stepOf(secret, code, now.getTime())).toBe(Math.floor(now.getTime() / 30_000))
  })
})
