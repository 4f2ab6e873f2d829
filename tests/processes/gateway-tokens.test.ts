import type { IncomingHttpHeaders } from 'node:http'
import { listLogs } from '@holdfast/contracts/gateway/analytics'
import { updateTenantSettings } from '@holdfast/contracts/gateway/tenants'
import { systemContext } from '@holdfast/server/context'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { createTenantActions, startUpstream, type Upstream } from './gateway-tenant.ts'
import { until } from './running-server.ts'

/** From the control plane that signs, over its published keys, to the gateway that verifies without asking. */
describe('a token of the platform at a gateway', () => {
  const keyPublishedAheadMs = 10 * 60_000
  let server: TestServer
  let owner: Awaited<ReturnType<TestServer['as']>>
  let upstream: Upstream
  let gateway: GatewayProcess
  const seen: IncomingHttpHeaders[] = []

  beforeAll(async () => {
    server = await startTestServer()
    owner = await server.as('superAdmin')
    upstream = await startUpstream((request, response) => {
      // The gateway asks for the health of the service as well.
      if (request.url !== '/health') seen.push(request.headers)
      response.end('ok')
    })
    const tenant = createTenantActions(owner.client, owner.tenantId)
    await tenant.open('/shop', upstream.url)
    // Until the gateway has the keys and the members it is asked in vain, more often than strangers may.
    await owner.client.call(updateTenantSettings, {
      params: { tenantId: owner.tenantId },
      query: {},
      body: { anonymousPerMinute: null },
    })
    const { key } = await tenant.gatewayKey('Tokens')
    gateway = await startGatewayProcess({ server: server.url, key, threads: 2 })
    await gateway.live()
  })
  afterAll(async () => {
    await gateway.remove()
    upstream.stop()
    await server.stop()
  })

  async function ask(token: string) {
    const response = await fetch(`${gateway.url()}/shop`, { headers: { authorization: `Bearer ${token}` } })
    const text = await response.text()
    return [response.status, /"error":"(\w+)"/.exec(text)?.[1] ?? text]
  }

  it('lets a member in, and nobody else; the service learns who it is and nothing more', {
    timeout: 120_000,
  }, async () => {
    await until(async () => (await ask(owner.accessToken))[0] === 200)
    expect(seen.at(-1)).toMatchObject({ 'x-user-id': owner.user.id })
    expect(JSON.stringify(seen)).not.toContain(owner.accessToken)
    await until(async () => {
      const params = { tenantId: owner.tenantId }
      const logs = await owner.client.call(listLogs, { params, query: { page: 1, statusCode: '200' } })
      return logs.some(({ userId }) => userId === owner.user.id)
    })
    const stranger = await server.as('user')
    expect(await ask(stranger.accessToken)).toEqual([401, 'TOKEN_INVALID'])
    expect(await ask(owner.token)).toEqual([401, 'TOKEN_INVALID'])
    expect(await ask(`${owner.accessToken.slice(0, -4)}AAAA`)).toEqual([401, 'TOKEN_INVALID'])
  })

  it('signed with the next key is taken once that key signs', { timeout: 120_000 }, async () => {
    const nextKey = await server.identity.keys.rotate(systemContext('tests'))
    server.clock.advance(keyPublishedAheadMs)
    const { accessToken } = await server.signIn(owner.user.login)
    expect(headOf(accessToken)).toContain(nextKey)
    await until(async () => (await ask(accessToken))[0] === 200)
    expect((await ask(owner.accessToken))[0]).toBe(200)
  })
})

/** The protected header of a token, as text (RFC 7515 §7.1). */
const headOf = (token: string) => Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()
