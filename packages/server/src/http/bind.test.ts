import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('the HTTP base', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(server.url + path, init)
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    }
  }

  it('an unknown address answers 404 with a sentence, a code and the request id', async () => {
    const { status, body } = await ask('/api/nowhere', { headers: { 'x-request-id': 'mine-1' } })
    expect(status).toBe(404)
    expect(body).toEqual({
      success: false,
      error: expect.any(String),
      code: 'request.route_unknown',
      requestId: 'mine-1',
    })
  })

  it('an address that cannot be decoded is answered as every other problem', async () => {
    const { status, body } = await ask('/api/%zz')
    expect([status, body]).toEqual([
      404,
      {
        success: false,
        error: expect.any(String),
        code: 'request.route_unknown',
        requestId: expect.any(String),
      },
    ])
  })

  it('what is wrong with a field is said in words that continue its name', async () => {
    const { body } = await ask('/api/auth/login', {
      method: 'POST',
      body: JSON.stringify({ login: ['ann'], password: 'x' }),
      headers: { 'content-type': 'application/json' },
    })
    expect(body['error']).toBe('The field login is not valid: must be a text.')
  })

  it('an announced JSON body that is empty is no body', async () => {
    const admin = await server.as('superAdmin')
    const headers = { ...admin.headers, 'content-type': 'application/json' }
    const unknown = '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'
    const gone = await ask(`/api/groups/${unknown}`, { method: 'DELETE', headers })
    expect([gone.status, gone.body['code']]).toEqual([404, 'groups.not_found'])
    const made = await ask('/api/groups', { method: 'POST', headers })
    expect([made.status, made.body['error']]).toEqual([400, 'The field name is not valid: must be given.'])
  })

  it('a known address with another method answers 405 and says which it takes', async () => {
    const { status, headers } = await ask('/api/groups', { method: 'DELETE' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, POST')
  })

  it('without a credential the body is never looked at', async () => {
    const { status, body } = await ask('/api/groups', {
      method: 'POST',
      body: '{broken',
      headers: { 'content-type': 'application/json' },
    })
    expect([status, body.code]).toEqual([401, 'auth.required'])
  })

  it('every limited answer carries the rate limit', async () => {
    const { headers } = await ask('/api/groups')
    expect(headers.get('x-ratelimit-limit')).toBe('600')
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeLessThan(600)
  })
})
