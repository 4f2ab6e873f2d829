import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Ask, createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterEach, describe, expect, it } from 'vitest'
import { systemGroupIds } from '../groups/rules.ts'

describe('the first run', () => {
  const running: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of running.splice(0).reverse()) await stop()
  })
  async function start(environment: Record<string, string> = {}): Promise<{ server: TestServer; ask: Ask }> {
    const server = await startTestServer(environment)
    running.push(() => server.stop())
    return { server, ask: createAsk(server.url) }
  }

  const account = { step: 1, name: 'Ada', login: 'Ada', email: 'ada@example.com', password: 'Analytical-1' }
  const place = { step: 2, appName: 'Engine room', publicUrl: 'https://engine.example.com' }
  const purpose = { step: 3, firstUse: 'gateway' }
  const submit = (ask: Ask, body: object) => ask('POST', '/api/setup/step', { body })
  const complete = (ask: Ask, body: object = {}) => ask('POST', '/api/setup/complete', { body })
  const superAdmins = (server: TestServer) =>
    server.database.kysely
      .selectFrom('user_groups')
      .select('user_id')
      .where('group_id', '=', systemGroupIds.superAdmin)
      .execute()

  it('four steps lead to one administrator who is signed in, and to the name of the place', async () => {
    const { server, ask } = await start()
    expect((await ask('GET', '/api/setup/status')).body).toEqual({
      complete: false,
      current_step: 'account',
      step: 1,
      needsCode: false,
    })
    expect((await submit(ask, account)).body).toMatchObject({ current_step: 'place', step: 2 })
    expect((await submit(ask, place)).body).toMatchObject({ current_step: 'purpose', step: 3 })
    expect((await submit(ask, purpose)).body).toMatchObject({
      complete: false,
      current_step: 'done',
      step: 4,
    })
    const { status, body, headers } = await complete(ask)
    expect([status, body.complete, body.login]).toEqual([200, true, 'ada'])
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const me = await ask('GET', '/api/auth/me', { headers: { cookie } })
    expect(me.body.data).toMatchObject({ login: 'ada', isAdmin: true, groupIds: [{ name: 'Super Admin' }] })
    const settings = await ask('GET', '/api/settings', { headers: { cookie } })
    expect(settings.body.data.settings.appName).toBe('Engine room')
    expect((await server.signIn('ada@example.com', account.password)).user.login).toBe('ada')
    expect(await superAdmins(server)).toHaveLength(1)
  })

  it('completing it leaves a line in the activity log, whichever way it was done', async () => {
    const byHand = await start()
    for (const step of [account, place, purpose]) await submit(byHand.ask, step)
    await complete(byHand.ask)
    const bootstrapped = await start()
    const person = { email: 'ada@example.com', password: 'Analytical-1' }
    expect((await bootstrapped.ask('POST', '/v1/auth/bootstrap', { body: person })).status).toBe(201)
    const environment = { HOLDFAST_ADMIN_LOGIN: 'ada', HOLDFAST_ADMIN_PASSWORD: 'Analytical-1' }
    const fromOutside = await start(environment)
    for (const [{ server, ask }, login] of [
      [byHand, 'ada'],
      [bootstrapped, 'ada@example.com'],
      [fromOutside, 'ada'],
    ] as const) {
      const { headers } = await server.as('auditor')
      const path = '/api/dashboard/logs?action=setup_complete'
      const messages = async () =>
        (await ask('GET', path, { headers })).body.data.map(({ message }: { message: string }) => message)
      const line = `Set-up was completed; ${login} is the first administrator`
      await expect
        .poll(
          async () => {
            server.clock.advance(1_000)
            return messages()
          },
          { interval: 20, timeout: 2_000 },
        )
        .toEqual([line])
    }
  })

  it('a step is not taken before the one in front of it, and may be taken again', async () => {
    const { server, ask } = await start()
    expect((await submit(ask, place)).body.code).toBe('setup.step_out_of_order')
    expect((await complete(ask)).body.code).toBe('setup.step_out_of_order')
    await submit(ask, account)
    expect((await submit(ask, purpose)).body.code).toBe('setup.step_out_of_order')
    expect((await submit(ask, { ...account, login: 'grace' })).status).toBe(200)
    expect((await ask('GET', '/api/setup/step')).body.data.account).toEqual({
      login: 'grace',
      email: 'ada@example.com',
      name: 'Ada',
    })
    expect(await superAdmins(server)).toEqual([])
  })

  it('the password is never shown, nor kept as it was typed', async () => {
    const { server, ask } = await start()
    await submit(ask, account)
    const shown = JSON.stringify((await ask('GET', '/api/setup/step')).body)
    expect(shown).not.toMatch(/password|argon2|Analytical/)
    const row = await server.database.kysely.selectFrom('installation').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(account.password)
  })

  it('once it is complete every door of it is closed for good, and its data is for administrators', async () => {
    const { server, ask } = await start()
    for (const body of [account, place, purpose]) await submit(ask, body)
    await complete(ask)
    for (const body of [account, place, purpose]) expect((await submit(ask, body)).status).toBe(409)
    expect((await complete(ask)).body.code).toBe('setup.completed')
    const boot = await ask('POST', '/v1/auth/bootstrap', {
      body: { email: 'eve@example.com', password: 'Malicious-1' },
    })
    expect([boot.status, boot.body.code]).toEqual([409, 'setup.completed'])
    expect((await ask('GET', '/api/setup/status')).body.complete).toBe(true)
    expect((await ask('GET', '/v1/auth/bootstrap/status')).body.needs_bootstrap).toBe(false)
    expect((await ask('GET', '/api/setup/step')).status).toBe(401)
    const viewer = await server.as('viewer')
    expect((await ask('GET', '/api/setup/step', { headers: viewer.headers })).status).toBe(403)
    const admin = await server.as('admin')
    expect((await ask('GET', '/api/setup/step', { headers: admin.headers })).body.data).toMatchObject({
      account: null,
      purpose: { firstUse: 'gateway' },
    })
  })

  it('of all who finish at the same time, on two servers and by either way, one becomes the administrator', async () => {
    const { server, ask } = await start()
    const replica = await server.replica()
    running.push(replica.stop)
    for (const body of [account, place, purpose]) await submit(ask, body)
    const there = createAsk(replica.url)
    const boot = (to: Ask, index: number) =>
      to('POST', '/v1/auth/bootstrap', {
        body: { email: `boot-${index}@example.com`, password: 'Bootstrap-1' },
      })
    const answers = await Promise.all([
      complete(ask),
      boot(there, 1),
      boot(ask, 2),
      complete(there),
      boot(there, 3),
    ])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status < 300)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(4)
    expect(await superAdmins(server)).toHaveLength(1)
    const users = await server.database.kysely.selectFrom('users').select('id').execute()
    expect(users).toHaveLength(1)
  })

  it('bootstrap makes an administrator who can sign in', async () => {
    const { ask } = await start()
    expect((await ask('GET', '/v1/auth/bootstrap/status')).body).toEqual({
      needs_bootstrap: true,
      bootstrap_required: true,
      code_required: false,
    })
    const person = { email: 'root@example.com', password: 'Bootstrap-1' }
    const { status, body } = await ask('POST', '/v1/auth/bootstrap', { body: person })
    expect(status).toBe(201)
    expect(body).toMatchObject({ email: 'root@example.com', role: 'admin', status: 'active' })
    const login = await ask('POST', '/v1/auth/login', { body: person })
    expect(login.body).toMatchObject({ expires_in: 900, token_type: 'Bearer' })
    const short = { email: 'root@example.com', password: 'Nine-char' }
    expect((await ask('POST', '/v1/auth/bootstrap', { body: short })).status).toBe(400)
  })

  it('reached from elsewhere it needs the code printed at start, the same on every server', async () => {
    const { server, ask } = await start({ HOST: '0.0.0.0' })
    const replica = await server.replica()
    running.push(replica.stop)
    const code = (await server.identity.setup.code()) ?? ''
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    expect((await ask('GET', '/api/setup/status')).body.needsCode).toBe(true)
    const boot = { email: 'eve@example.com', password: 'Malicious-1' }
    const refused = [
      await submit(ask, account),
      await submit(ask, { ...account, code: '0000-0000-0000' }),
      await ask('GET', '/api/setup/step'),
      await ask('POST', '/v1/auth/bootstrap', { body: boot }),
    ]
    expect(refused.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
      Array(4).fill('403 setup.code_invalid'),
    )
    const typed = code.toLowerCase().replaceAll('-', ' ')
    expect((await submit(createAsk(replica.url), { ...account, code: typed })).status).toBe(200)
    expect((await ask('GET', '/api/setup/step', { headers: { 'x-setup-code': code } })).status).toBe(200)
    expect((await ask('POST', '/v1/auth/bootstrap', { body: { ...boot, code } })).status).toBe(201)
    expect(await server.identity.setup.code()).toBeNull()
  })

  it('the code cannot be guessed for long', async () => {
    const { ask, server } = await start({ HOST: '0.0.0.0' })
    for (let count = 1; count <= 5; count++) await complete(ask, { code: `guess-${count}` })
    const code = await server.identity.setup.code()
    expect((await complete(ask, { code })).status).toBe(429)
  })

  it('a server behind a proxy is reachable from elsewhere too', async () => {
    const { ask } = await start({ HOLDFAST_TRUSTED_PROXIES: '1' })
    expect((await ask('GET', '/api/setup/status')).body.needsCode).toBe(true)
  })

  it('a server whose public address is known is reachable from elsewhere too', async () => {
    const { ask } = await start({ HOLDFAST_PUBLIC_URL: 'https://holdfast.example.com' })
    expect((await ask('GET', '/api/setup/status')).body.needsCode).toBe(true)
  })

  it('a request that a proxy on this machine hands on needs the code, one from here does not', async () => {
    const { server, ask } = await start()
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const boot = { email: 'eve@example.com', password: 'Malicious-1' }
    expect((await ask('GET', '/api/setup/status', { headers })).body.needsCode).toBe(true)
    const refused = await Promise.all([
      ask('POST', '/api/setup/step', { body: account, headers }),
      ask('POST', '/v1/auth/bootstrap', { body: boot, headers }),
    ])
    expect(refused.map(({ body }) => body.code)).toEqual(['setup.code_invalid', 'setup.code_invalid'])
    expect(await superAdmins(server)).toEqual([])
    const code = (await server.identity.setup.code()) ?? ''
    expect((await ask('POST', '/api/setup/step', { body: { ...account, code }, headers })).status).toBe(200)
    expect((await submit(ask, account)).status).toBe(200)
  })

  it('a page elsewhere that has its name resolved to this machine needs the code', async () => {
    const { server } = await start()
    const { hostname, port } = new URL(server.url)
    const status = await new Promise<string>((resolve, reject) => {
      const request = get(
        { hostname, port, path: '/api/setup/status', headers: { host: 'rebound.example.com' } },
        (response) => void text(response).then(resolve, reject),
      )
      request.once('error', reject)
    })
    expect(JSON.parse(status)).toMatchObject({ complete: false, needsCode: true })
  })

  it('the environment makes the administrator once, and never again', async () => {
    const environment = { HOLDFAST_ADMIN_LOGIN: 'Root', HOLDFAST_ADMIN_PASSWORD: 'From-the-env-1' }
    const { server, ask } = await start(environment)
    expect((await server.signIn('root', 'From-the-env-1')).user.groupIds).toMatchObject([
      { name: 'Super Admin' },
    ])
    expect((await submit(ask, account)).status).toBe(409)
    const replica = await server.replica({
      HOLDFAST_ADMIN_LOGIN: 'other',
      HOLDFAST_ADMIN_PASSWORD: 'From-the-env-2',
    })
    running.push(replica.stop)
    expect(await superAdmins(server)).toHaveLength(1)
  })

  it('two settings of the environment that do not go together stop the start with a sentence', async () => {
    const half = startTestServer({ HOLDFAST_ADMIN_LOGIN: 'root' })
    await expect(half).rejects.toThrow('set together')
    const short = startTestServer({ HOLDFAST_ADMIN_LOGIN: 'root', HOLDFAST_ADMIN_PASSWORD: 'Seven77' })
    await expect(short).rejects.toThrow('at least 8 characters')
  })
})
