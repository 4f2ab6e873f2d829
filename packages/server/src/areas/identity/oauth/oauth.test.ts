import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, type Ask, createAsk } from '@holdfast/testkit/ask'
import { githubClient, type GithubServer, startGithub } from '@holdfast/testkit/github-server'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword, type TestUser } from '@holdfast/testkit/people'
import { codeAt, turnOnMfa } from '@holdfast/testkit/second-factor'
import { Provider } from 'oidc-provider'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** A browser as far as it matters here: it keeps cookies, by name, and follows a redirect only when asked to. */
function createBrowser(baseUrl: string) {
  const jar = new Map<string, string>()
  const keep = (headers: Headers) => {
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1)
      const [name = '', value = ''] = pair.split('=')
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }
  return {
    jar,
    async go(location: string) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const url = new URL(location, baseUrl)
      const response = await fetch(url, { headers: { cookie }, redirect: 'manual' })
      if (url.origin === baseUrl) keep(response.headers)
      return { status: response.status, location: response.headers.get('location') ?? '' }
    },
    keep,
  }
}
type Browser = ReturnType<typeof createBrowser>

describe('signing in through GitHub', () => {
  let github: GithubServer
  let server: TestServer
  let ask: Ask
  beforeEach(async () => {
    github = await startGithub(person('ada@example.com'))
    server = await startTestServer({
      GITHUB_CLIENT_ID: githubClient.id,
      GITHUB_CLIENT_SECRET: githubClient.secret,
      HOLDFAST_GITHUB_URL: github.url,
    })
    ask = createAsk(server.url)
  })
  afterEach(async () => {
    await server.stop()
    await github.stop()
  })

  function person(email: string, options = { verified: true }) {
    return {
      id: 4_711,
      login: 'ada',
      name: 'Ada Lovelace',
      emails: [
        { email: 'other@example.com', primary: false, verified: true },
        { email, primary: true, verified: options.verified },
      ],
    }
  }

  /** From our door to GitHub and back; answers where the browser is sent then. */
  async function roundTrip(browser: Browser, start = '/v1/auth/github') {
    const there = await browser.go(start)
    const back = await browser.go(there.location)
    return browser.go(back.location)
  }
  const browser = () => createBrowser(server.url)
  const whoIs = async (jar: Map<string, string>) =>
    (
      await ask('GET', '/api/auth/me', {
        headers: { cookie: `holdfast_session=${jar.get('holdfast_session')}` },
      })
    ).body.data as { id: string; email: string; login: string } | undefined
  const allowRegistration = async (enableRegistration: boolean) => {
    const { headers } = await server.as('superAdmin')
    await ask('PUT', '/api/settings', { body: { enableRegistration }, headers })
  }
  /** A user who has shown that this address is theirs. */
  async function userWith(email: string, options = { proven: true }): Promise<TestUser> {
    const made = await server.as('editor')
    const { headers } = await server.as('superAdmin')
    await ask('PUT', `/api/users/${made.user.id}`, { body: { email }, headers })
    if (options.proven) await prove(made.user.id)
    return made
  }
  const prove = (userId: string) =>
    server.database.kysely
      .updateTable('users')
      .set({ email_proven_at: server.clock.now().toISOString() })
      .where('id', '=', userId)
      .execute()
  const counts = async () => ({
    users: (await server.database.kysely.selectFrom('users').select('id').execute()).length,
    identities: (await server.database.kysely.selectFrom('user_identities').select('id').execute()).length,
    sessions: (await server.database.kysely.selectFrom('sessions').select('id').execute()).length,
  })

  it('makes an account for a verified address while people may register, and finds it again', async () => {
    await allowRegistration(true)
    const first = browser()
    const { status, location } = await roundTrip(first, '/v1/auth/github?next=/build')
    expect([status, location]).toEqual([302, '/build'])
    const made = await whoIs(first.jar)
    expect(made).toMatchObject({ email: 'ada@example.com', login: 'ada@example.com' })
    // The address may change at GitHub: the person stays the same.
    github.person = person('ada@new.example.com')
    const second = browser()
    await roundTrip(second)
    expect((await whoIs(second.jar))?.id).toBe(made?.id)
    expect(first.jar.has('holdfast_oauth')).toBe(false)
  })

  it('makes no account while people may not register', async () => {
    await allowRegistration(false)
    const before = await counts()
    const visitor = browser()
    const { location } = await roundTrip(visitor)
    expect(location).toBe('/sign-in?refused=auth.registration_disabled')
    expect([visitor.jar.has('holdfast_session'), await counts()]).toEqual([false, before])
  })

  it('a verified address that is identical leads to the account that has it', async () => {
    const { user } = await userWith('ada@example.com')
    const visitor = browser()
    expect((await roundTrip(visitor)).location).toBe('/')
    expect((await whoIs(visitor.jar))?.id).toBe(user.id)
  })

  it('an account that somebody prepared with a foreign address takes its owner in nowhere, and changes nothing', async () => {
    await allowRegistration(true)
    const account = { email: 'ada@example.com', password: 'Prepared-for-her-1', name: 'Not Ada' }
    expect((await ask('POST', '/api/auth/register', { body: account })).status).toBe(201)
    const before = await counts()
    const visitor = browser()
    expect((await roundTrip(visitor)).location).toBe('/sign-in?refused=oauth.account_unproven')
    expect([visitor.jar.has('holdfast_session'), await counts()]).toEqual([false, before])
  })

  it('whoever changes their address to a foreign one has shown nothing about it', async () => {
    const made = await userWith('mine@example.com')
    const moved = { email: 'ada@example.com', currentPassword: testPassword }
    await ask('PUT', '/api/profile', { body: moved, headers: made.headers })
    expect((await roundTrip(browser())).location).toBe('/sign-in?refused=oauth.account_unproven')
    // The same address again is no change: what was shown stays shown.
    await prove(made.user.id)
    const body = { email: 'ada@example.com', name: 'Ada' }
    expect((await ask('PUT', '/api/profile', { body, headers: made.headers })).status).toBe(200)
    expect((await roundTrip(browser())).location).toBe('/')
  })

  it('an address that is not verified takes no account over, and makes none', async () => {
    await allowRegistration(true)
    await userWith('ada@example.com')
    github.person = person('ada@example.com', { verified: false })
    const before = await counts()
    const visitor = browser()
    expect((await roundTrip(visitor)).location).toBe('/sign-in?refused=oauth.email_unverified')
    expect([visitor.jar.has('holdfast_session'), await counts()]).toEqual([false, before])
  })

  it('only the browser that began a sign-in can finish it', async () => {
    await userWith('ada@example.com')
    const attacker = browser()
    const there = await attacker.go('/v1/auth/github')
    const { location: callback } = await attacker.go(there.location)
    const before = await counts()
    const victim = browser()
    expect((await victim.go(callback)).location).toBe('/sign-in?refused=oauth.state_invalid')
    // Also when the victim is in the middle of a sign-in of their own.
    await victim.go('/v1/auth/github')
    expect((await victim.go(callback)).location).toBe('/sign-in?refused=oauth.state_invalid')
    expect([victim.jar.has('holdfast_session'), await counts()]).toEqual([false, before])
  })

  it('a sign-in that took longer than ten minutes has to begin again', async () => {
    const visitor = browser()
    const there = await visitor.go('/v1/auth/github')
    const back = await visitor.go(there.location)
    server.clock.advance(10 * 60_000)
    expect((await visitor.go(back.location)).location).toBe('/sign-in?refused=oauth.state_invalid')
  })

  it('a code that was used, or got without its proof, is refused', async () => {
    await userWith('ada@example.com')
    const visitor = browser()
    const there = await visitor.go('/v1/auth/github')
    const back = await visitor.go(there.location)
    const flow = visitor.jar.get('holdfast_oauth') ?? ''
    expect((await visitor.go(back.location)).location).toBe('/')
    visitor.jar.set('holdfast_oauth', flow)
    expect((await visitor.go(back.location)).location).toBe('/sign-in?refused=oauth.refused')
    // Another sign-in's code with this one's state: the proof of the code is in the other browser.
    const other = browser()
    const stolen = new URL((await other.go((await other.go('/v1/auth/github')).location)).location)
    const mine = await visitor.go('/v1/auth/github')
    stolen.searchParams.set('state', new URL(mine.location).searchParams.get('state') ?? '')
    expect((await visitor.go(stolen.href)).location).toBe('/sign-in?refused=oauth.refused')
  })

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
  ])('goes on to this server only, whatever was asked for: %s', async (next) => {
    await userWith('ada@example.com')
    const { location } = await roundTrip(browser(), `/v1/auth/github?next=${encodeURIComponent(next)}`)
    expect(location).toBe('/')
  })

  it('is no way around the second factor', async () => {
    const made = await userWith('ada@example.com')
    const { secret } = await turnOnMfa(made, server.clock)
    server.clock.advance(30_000)
    const visitor = browser()
    const { location } = await roundTrip(visitor)
    expect(location).toMatch(/^\/sign-in\?next=%2F#challenge=hfc_/)
    expect(visitor.jar.has('holdfast_session')).toBe(false)
    const challenge = location.split('challenge=')[1]
    const body = { challengeToken: challenge, code: codeAt(secret, server.clock.nowMs()) }
    expect((await ask('POST', '/api/auth/mfa/challenge', { body })).body.data.user.id).toBe(made.user.id)
  })

  it('a suspended user stays outside', async () => {
    const { user } = await userWith('ada@example.com')
    await roundTrip(browser())
    const { headers } = await server.as('superAdmin')
    await ask('POST', `/v1/admin/users/${user.id}/suspend`, { headers })
    const visitor = browser()
    expect((await roundTrip(visitor)).location).toBe('/sign-in?refused=auth.account_inactive')
    expect(visitor.jar.has('holdfast_session')).toBe(false)
  })

  describe('linking', () => {
    /** A browser that is signed in as this user, on its way to GitHub. */
    async function beginLink({ cookie, headers }: TestUser): Promise<{ browser: Browser; answer: Answer }> {
      const visitor = browser()
      const [name = '', value = ''] = cookie.split('=')
      visitor.jar.set(name, value)
      const answer = await ask('POST', '/api/profile/identities', { body: { provider: 'github' }, headers })
      visitor.keep(answer.headers)
      return { browser: visitor, answer }
    }

    it('links whatever address the account has to who is signed in, and unlinks it', async () => {
      const made = await server.as('user')
      github.person = person('unverified@example.com', { verified: false })
      const { browser: visitor, answer } = await beginLink(made)
      const back = await visitor.go(answer.body.data.location as string)
      expect((await visitor.go(back.location)).location).toBe('/profile')
      const listed = await ask('GET', '/api/profile/identities', { headers: made.headers })
      expect(listed.body.data).toMatchObject([{ provider: 'github', label: 'ada' }])
      const other = browser()
      await roundTrip(other)
      expect((await whoIs(other.jar))?.id).toBe(made.user.id)
      const path = `/api/profile/identities/${listed.body.data[0].id}`
      expect((await ask('DELETE', path, { headers: made.headers })).status).toBe(200)
      expect((await roundTrip(browser())).location).toBe('/sign-in?refused=oauth.email_unverified')
    })

    it('shows whose the address is, when it is the same', async () => {
      const made = await userWith('ada@example.com', { proven: false })
      const { browser: visitor, answer } = await beginLink(made)
      await visitor.go((await visitor.go(answer.body.data.location as string)).location)
      // Another account at GitHub to which the address has moved.
      github.person = { ...person('ada@example.com'), id: 4_712 }
      const other = browser()
      expect((await roundTrip(other)).location).toBe('/')
      expect((await whoIs(other.jar))?.id).toBe(made.user.id)
    })

    it('is finished by who began it, and takes nobody’s account', async () => {
      const [made, other] = [await server.as('user'), await server.as('user')]
      const { browser: visitor, answer } = await beginLink(made)
      const back = await visitor.go(answer.body.data.location as string)
      visitor.jar.set('holdfast_session', other.cookie.split('=')[1] ?? '')
      expect((await visitor.go(back.location)).location).toBe('/profile?refused=oauth.state_invalid')
      expect((await counts()).identities).toBe(0)
      const { browser: again, answer: begun } = await beginLink(made)
      await again.go((await again.go(begun.body.data.location as string)).location)
      const { browser: thief, answer: third } = await beginLink(other)
      const theirs = await thief.go(third.body.data.location as string)
      expect((await thief.go(theirs.location)).location).toBe('/profile?refused=oauth.identity_taken')
    })
  })
})

describe('signing in through OpenID Connect', () => {
  let listener: Server
  let issuer: string
  let server: TestServer
  beforeAll(async () => {
    listener = createServer()
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
    server = await startTestServer({
      HOLDFAST_OIDC_ISSUER: issuer,
      HOLDFAST_OIDC_CLIENT_ID: 'holdfast',
      HOLDFAST_OIDC_CLIENT_SECRET: 'not-a-secret',
      HOLDFAST_OIDC_NAME: 'Example ID',
    })
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: 'holdfast',
          client_secret: 'not-a-secret',
          redirect_uris: [`${server.url}/api/auth/oidc/callback`],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (_ctx, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: id !== 'mallory', name: id }),
      }),
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    })
    const handle = provider.callback()
    listener.on('request', (request, response) => {
      const signsIn = /^\/interaction\/.*[?&]as=(\w+)/.exec(request.url ?? '')?.[1]
      if (signsIn === undefined) {
        void handle(request, response)
        return
      }
      const agreed = async () => {
        const { params } = await provider.interactionDetails(request, response)
        const grant = new provider.Grant({ accountId: signsIn, clientId: String(params['client_id']) })
        grant.addOIDCScope('openid email profile')
        const grantId = await grant.save()
        const result = { login: { accountId: signsIn }, consent: { grantId } }
        await provider.interactionFinished(request, response, result)
      }
      agreed().catch(() => response.writeHead(500).end())
    })
  })
  afterAll(async () => {
    await server.stop()
    await new Promise((resolve) => listener.close(resolve))
  })

  /** Goes to the provider, signs in there as `who`, and comes to our callback. */
  async function toCallback(who: string) {
    const ours = createBrowser(server.url)
    const theirs = createBrowser(issuer)
    let { location } = await ours.go('/api/auth/oidc?next=/profile')
    while (!location.startsWith(server.url)) {
      const asked = location.includes('/interaction/') ? `${location}?as=${who}` : location
      location = (await theirs.go(asked)).location
      if (location === '') throw new Error('The provider sent the browser nowhere.')
    }
    return { ours, callback: location }
  }

  it('verifies the provider’s answer and leads to the account with the verified address', async () => {
    const admin = await server.as('superAdmin')
    const made = await server.as('user')
    const ask = createAsk(server.url)
    const path = `/api/users/${made.user.id}`
    await ask('PUT', path, { body: { email: 'grace@example.com' }, headers: admin.headers })
    const early = await toCallback('grace')
    expect((await early.ours.go(early.callback)).location).toBe('/sign-in?refused=oauth.account_unproven')
    await server.database.kysely
      .updateTable('users')
      .set({ email_proven_at: server.clock.now().toISOString() })
      .where('id', '=', made.user.id)
      .execute()
    const { ours, callback } = await toCallback('grace')
    expect((await ours.go(callback)).location).toBe('/profile')
    const cookie = `holdfast_session=${ours.jar.get('holdfast_session')}`
    expect((await ask('GET', '/api/auth/me', { headers: { cookie } })).body.data.id).toBe(made.user.id)
    const providers = await ask('GET', '/api/auth/providers')
    expect(providers.body.data).toEqual([{ provider: 'oidc', name: 'Example ID', path: '/api/auth/oidc' }])
  })

  it('an address that the provider does not verify is refused', async () => {
    const { ours, callback } = await toCallback('mallory')
    expect((await ours.go(callback)).location).toBe('/sign-in?refused=oauth.email_unverified')
    expect(ours.jar.has('holdfast_session')).toBe(false)
  })

  it('an answer that names another issuer is refused (RFC 9207)', async () => {
    const { ours, callback } = await toCallback('grace')
    const mixed = new URL(callback)
    expect(mixed.searchParams.get('iss')).toBe(issuer)
    mixed.searchParams.set('iss', 'https://evil.example')
    expect((await ours.go(mixed.href)).location).toBe('/sign-in?refused=oauth.refused')
  })

  it('an answer of one provider is worth nothing at the door of the other', async () => {
    const { ours, callback } = await toCallback('grace')
    const other = callback.replace('/api/auth/oidc/callback', '/v1/auth/github/callback')
    const answer = await ours.go(other)
    expect([answer.status, ours.jar.has('holdfast_session')]).toEqual([503, false])
  })

  it('leaves no session when the person says no there', async () => {
    const ours = createBrowser(server.url)
    const { location } = await ours.go('/api/auth/oidc')
    const state = new URL(location).searchParams.get('state') ?? ''
    const no = `/api/auth/oidc/callback?error=access_denied&state=${state}&iss=${encodeURIComponent(issuer)}`
    expect((await ours.go(no)).location).toBe('/sign-in?refused=oauth.refused')
    expect(ours.jar.has('holdfast_session')).toBe(false)
  })
})
