import {
  crud,
  type RecordServer,
  startRecordServer,
  testCollection,
  testUser,
} from '@holdfast/testkit/record-server'
import { testContext } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const limited = testCollection('/api/limited')
const closed = testCollection('/api/closed')
const members = testCollection('/api/members')
/** Beside routes of the product that need no CSRF token. */
const besideSignIn = testCollection('/api/auth/notes')

describe('who may call an endpoint', () => {
  let server: RecordServer
  beforeAll(async () => {
    server = await startRecordServer([
      ...crud(limited, [], { rateLimit: { requestsMax: 2, windowSeconds: 60 } }),
      ...crud(closed, [], {
        network: { allows: ({ ip, origin }) => ip === '203.0.113.9' || origin === 'https://app.example.com' },
      }),
      ...crud(members, [], { accessType: 'authenticated' }),
      ...crud(besideSignIn, [], { accessType: 'authenticated' }),
    ])
  })
  afterAll(() => server.stop())

  it('an endpoint’s own limit is told on every answer, and refuses beyond it until the window is over', async () => {
    const statuses: (readonly [number, string | null])[] = []
    for (let call = 0; call < 3; call += 1) {
      const { status, headers } = await server.call('GET', '/api/limited')
      statuses.push([status, headers.get('x-ratelimit-remaining')])
    }
    expect(statuses).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ])
    const refused = await server.call('GET', '/api/limited')
    expect([refused.headers.get('retry-after'), refused.body.code]).toEqual(['60', 'request.limited'])
    server.clock.advance(60_000)
    expect((await server.call('GET', '/api/limited')).status).toBe(200)
  })

  it('a caller from elsewhere is refused before anything is stored', async () => {
    const refused = await server.call('POST', '/api/closed', { body: { a: 1 } })
    expect([refused.status, refused.body.error]).toEqual([403, 'Forbidden: network access denied'])
    const allowed = await server.call('GET', '/api/closed', {
      headers: { origin: 'https://app.example.com' },
    })
    expect([allowed.status, allowed.body.meta.total]).toEqual([200, 0])
  })

  it('who must first choose a password of their own reaches no endpoint but the public ones', async () => {
    const given = testUser('given')
    server.people.set('given', { ...given, ...(given.kind === 'user' && { mustChangePassword: true }) })
    const refused = await server.call('POST', '/api/members', { body: { a: 1 }, token: 'given' })
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.password_change_required'])
    server.people.set('given', testUser('given'))
    const admitted = await server.call('GET', '/api/members', { token: 'given' })
    expect([admitted.status, admitted.body.meta.total]).toEqual([200, 0])
  })

  it('a call from inside has its caller’s rights, and meets network rules only when asked', async () => {
    const dispatch = (path: string, actor = testUser('ann'), applyNetworkAccess = false) =>
      server.module.runtime.dispatch({
        ctx: testContext(actor),
        method: 'GET',
        url: path,
        headers: {},
        body: undefined,
        ip: '198.51.100.1',
        applyNetworkAccess,
        origin: 'tester',
      })
    expect((await dispatch('/api/members')).status).toBe(200)
    expect((await dispatch('/api/members', { kind: 'anonymous' })).status).toBe(401)
    expect((await dispatch('/api/closed?limit=1')).status).toBe(200)
    expect((await dispatch('/api/closed', testUser('ann'), true)).status).toBe(403)
    expect((await dispatch('/api/nowhere')).body).toMatchObject({ code: 'endpoints.not_found' })
  })

  it('a cookie alone changes nothing, whatever path the endpoint has', async () => {
    const ann = testUser('ann')
    server.people.set('by-cookie', { ...ann, ...(ann.kind === 'user' && { via: 'cookie' as const }) })
    for (const path of ['/api/members', '/api/auth/notes']) {
      const post = (headers: Record<string, string>) =>
        server.call('POST', path, {
          body: { a: 1 },
          headers: { cookie: 'holdfast_session=by-cookie', ...headers },
        })
      const refused = await post({})
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'auth.csrf_invalid'])
      expect((await post({ 'x-csrf-token': 'right' })).status).toBe(201)
    }
  })
})
