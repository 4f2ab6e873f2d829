import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { testPassword } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('signing in', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const meStatus = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/api/auth/me`, { headers })).status

  it('works with the login, the username and the e-mail address, and each credential opens the door', async () => {
    const { user } = await server.as('editor')
    for (const name of [
      { login: user.login },
      { username: user.login.toUpperCase() },
      { email: user.email },
    ]) {
      const answer = await post('/api/auth/login', { ...name, password: testPassword })
      expect(answer.status).toBe(200)
    }
    const session = await server.signIn(user.login)
    expect(await meStatus({ authorization: `Bearer ${session.accessToken}` })).toBe(200)
    expect(await meStatus({ authorization: `Bearer ${session.token}` })).toBe(200)
    expect(await meStatus({ cookie: session.cookie })).toBe(200)
  })
})
