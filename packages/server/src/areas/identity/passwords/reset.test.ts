import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { type Mailbox, openMailbox } from '@holdfast/testkit/mailbox'
import { testPassword, type TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'

describe('a forgotten password', () => {
  let server: TestServer
  let mailbox: Mailbox
  let ask: Ask
  beforeAll(async () => {
    mailbox = await openMailbox()
    server = await startTestServer({
      HOLDFAST_SMTP_URL: mailbox.url,
      HOLDFAST_MAIL_FROM: 'Holdfast <door@example.com>',
      HOLDFAST_PUBLIC_URL: 'https://holdfast.example.com/',
    })
    ask = createAsk(server.url)
  })
  afterAll(async () => {
    await server.stop()
    await mailbox.close()
  })
  // Sign-in-like requests are limited per minute and address.
  beforeEach(() => server.clock.advance(60_000))

  const forgot = (email: string, headers: Record<string, string> = {}) =>
    ask('POST', '/api/auth/forgot-password', { body: { email }, headers })
  const reset = (token: string, password = 'Brand-new-12') =>
    ask('POST', '/api/auth/reset-password', { body: { token, password } })
  const mailTo = (email: string, count = 1) =>
    until(async () => (await mailbox.received()).filter(({ to }) => to.includes(email))[count - 1], {
      what: `a message to ${email}`,
    })
  const tokenIn = (text: string) => /[?]token=(\S+)/.exec(text)?.[1] ?? ''
  const tokenFor = async (email: string) => {
    await forgot(email)
    return tokenIn((await mailTo(email)).text)
  }

  it('a link goes to the address, under the public address whatever the Host header says, and sets a password once', async () => {
    const { user } = await server.as('user')
    const email = user.email ?? ''
    expect((await forgot(email, { host: 'evil.example' })).status).toBe(200)
    const mail = await mailTo(email)
    expect(mail).toMatchObject({
      from: 'door@example.com',
      to: [email],
      subject: expect.stringContaining('Holdfast'),
    })
    expect(mail.text).toContain('https://holdfast.example.com/reset-password?token=hfp_')
    expect((await reset(tokenIn(mail.text))).status).toBe(200)
    expect((await server.signIn(user.login, 'Brand-new-12')).user.id).toBe(user.id)
    expect((await reset(tokenIn(mail.text))).body.code).toBe('auth.reset_token_invalid')
  })

  it('the answer is the same for an address that nobody has, and nothing is sent', async () => {
    const { user } = await server.as('user')
    const known = await forgot(user.email ?? '')
    const unknown = await forgot('nobody@example.com')
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
    const v1 = await ask('POST', '/v1/auth/forgot-password', { body: { email: 'nobody@example.com' } })
    expect(v1.body).toEqual({ message: known.body.message })
    await mailTo(user.email ?? '')
    expect((await mailbox.received()).flatMap(({ to }) => to)).not.toContain('nobody@example.com')
  })

  it('of many uses of a token at the same time exactly one sets the password', async () => {
    const { user } = await server.as('user')
    const token = await tokenFor(user.email ?? '')
    const uses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => reset(token, `Password-no-${index}`)),
    )
    expect(uses.filter(({ status }) => status === 400)).toHaveLength(7)
    const winner = uses.findIndex(({ status }) => status === 200)
    expect((await server.signIn(user.login, `Password-no-${winner}`)).user.id).toBe(user.id)
  })

  it('a reset ends every session of the user', async () => {
    const { user, headers, refreshToken } = await server.as('user')
    await reset(await tokenFor(user.email ?? ''))
    const me = async () => (await ask('GET', '/api/auth/me', { headers })).status
    await expect.poll(me, { interval: 5, timeout: 1_000 }).toBe(401)
    expect((await ask('POST', '/api/auth/refresh', { body: { refreshToken } })).status).toBe(401)
  })

  it('a token ends after an hour, and when a newer one is asked for', async () => {
    const { user } = await server.as('user')
    const email = user.email ?? ''
    const first = await tokenFor(email)
    await forgot(email)
    const second = tokenIn((await mailTo(email, 2)).text)
    expect((await reset(first)).status).toBe(400)
    server.clock.advance(3_600_000)
    expect((await reset(second)).status).toBe(400)
  })

  it('a link that went to an address is worth nothing once the user has another one, whoever changed it', async () => {
    const { user, headers } = await server.as('user')
    const admin = await server.as('admin')
    const first = await tokenFor(user.email ?? '')
    const second = `second-${user.email}`
    const changed = await ask('PUT', `/api/users/${user.id}`, {
      body: { email: second },
      headers: admin.headers,
    })
    expect(changed.status).toBe(200)
    expect((await reset(first)).body.code).toBe('auth.reset_token_invalid')
    const next = await tokenFor(second)
    const body = { email: `third-${user.email}`, currentPassword: testPassword }
    expect((await ask('PUT', '/api/profile', { body, headers })).status).toBe(200)
    expect((await reset(next)).body.code).toBe('auth.reset_token_invalid')
  })

  it('a password that is refused leaves the token good', async () => {
    const { user } = await server.as('admin')
    const token = await tokenFor(user.email ?? '')
    expect((await reset(token, 'Nine-char')).body.details).toMatchObject([{ path: 'body.password' }])
    expect(
      (await ask('POST', '/v1/auth/reset-password', { body: { token, new_password: 'Ten-chars-1' } })).status,
    ).toBe(200)
  })

  /** Leaves an account elsewhere and an API token with somebody, and tells whether they still work. */
  async function leaveWaysIn({ user, headers }: TestUser) {
    const made = await ask('POST', '/v1/api-tokens', { body: { name: 'left behind' }, headers })
    const id = `019b0000-0000-7000-8000-${user.id.slice(-12)}`
    const identity = { id, user_id: user.id, provider: 'github', issuer: 'https://github.com', label: 'ada' }
    await server.database.kysely
      .insertInto('user_identities')
      .values({ ...identity, subject: user.id, created_at: server.clock.now().toISOString() })
      .execute()
    return async () => {
      const key = { authorization: `Bearer ${made.body.token}` }
      const linked = server.database.kysely.selectFrom('user_identities').select('id').where('id', '=', id)
      const { status } = await ask('GET', '/api/auth/me', { headers: key })
      return { token: status === 200, linked: (await linked.execute()).length === 1 }
    }
  }
  const isProven = async (userId: string) =>
    (
      await server.database.kysely
        .selectFrom('users')
        .select('email_proven_at')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
    ).email_proven_at !== null

  it('the first mailed link that is used shows whose the address is, and ends what others may have left in the account', async () => {
    const made = await server.as('user')
    const left = await leaveWaysIn(made)
    expect(await left()).toEqual({ token: true, linked: true })
    expect((await reset(await tokenFor(made.user.email ?? ''))).status).toBe(200)
    await expect.poll(left, { interval: 5, timeout: 1_000 }).toEqual({ token: false, linked: false })
    expect(await isProven(made.user.id)).toBe(true)
    // From then on it is theirs: forgetting the password again costs them nothing else.
    const again = await server.signIn(made.user.login, 'Brand-new-12')
    const stays = await leaveWaysIn(again)
    server.clock.advance(60_000)
    await forgot(made.user.email ?? '')
    const second = tokenIn((await mailTo(made.user.email ?? '', 2)).text)
    expect((await reset(second)).status).toBe(200)
    expect(await stays()).toEqual({ token: true, linked: true })
  })

  it('a link that was not mailed to the present address shows nothing about it', async () => {
    const { user } = await server.as('user')
    const system = systemContext('holdfast command')
    const made = await server.identity.passwordChanges.createResetLink(system, user.login)
    expect((await reset(tokenIn(made))).status).toBe(200)
    expect(await isProven(user.id)).toBe(false)
    const other = await server.as('user')
    const mailed = await tokenFor(other.user.email ?? '')
    const body = { email: 'moved@example.com', currentPassword: testPassword }
    await ask('PUT', '/api/profile', { body, headers: other.headers })
    expect((await reset(mailed)).status).toBe(400)
    expect(await isProven(other.user.id)).toBe(false)
  })

  it('neither the token nor its hash can be made from what is stored', async () => {
    const { user } = await server.as('user')
    const token = await tokenFor(user.email ?? '')
    const rows = await server.database.kysely
      .selectFrom('password_tokens')
      .selectAll()
      .where('user_id', '=', user.id)
      .execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(token.length).toBeGreaterThan(40)
  })

  it('an operator gets the link without e-mail, and it is in the audit trail', async () => {
    const { user } = await server.as('user')
    const link = await server.identity.passwordChanges.createResetLink(
      systemContext('holdfast command'),
      user.login,
    )
    expect((await reset(tokenIn(link))).status).toBe(200)
    const entries = await server.database.kysely
      .selectFrom('audit_entries')
      .select(['actor_name', 'action'])
      .where('target_id', '=', user.id)
      .orderBy('sequence')
      .execute()
    expect(entries).toContainEqual({ actor_name: 'holdfast command', action: 'password.reset_link_created' })
    const nobody = server.identity.passwordChanges.createResetLink(
      systemContext('holdfast command'),
      'nobody',
    )
    await expect(nobody).rejects.toMatchObject({ code: 'users.not_found' })
  })

  it('a relay that refuses is nobody else’s business: the answer stays, and the link is still to come', async () => {
    const { user } = await server.as('user')
    mailbox.refuse(true)
    expect((await forgot(user.email ?? '')).status).toBe(200)
    const tried = () =>
      server.database.kysely
        .selectFrom('password_tokens')
        .select('id')
        .where('user_id', '=', user.id)
        .executeTakeFirst()
    await until(tried, { what: 'the first attempt' })
    mailbox.refuse(false)
    expect((await mailTo(user.email ?? '')).text).toContain('token=')
  })

  it('without a relay everybody is told the same, and nothing is made', async () => {
    const bare = await startTestServer()
    const { user } = await bare.as('user')
    for (const email of [user.email, 'nobody@example.com']) {
      const { status, body, headers } = await createAsk(bare.url)('POST', '/api/auth/forgot-password', {
        body: { email },
      })
      expect([status, body.code]).toEqual([503, 'mail.not_configured'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await bare.database.kysely.selectFrom('password_tokens').selectAll().execute()).toEqual([])
    await bare.stop()
  })
})
