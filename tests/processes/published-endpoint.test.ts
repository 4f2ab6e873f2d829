import { spawnSync } from 'node:child_process'
import { request } from 'node:http'
import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { login } from '@holdfast/contracts/identity/auth'
import { createToken } from '@holdfast/contracts/identity/tokens'
import { publishEndpoint } from '@holdfast/contracts/gateway/publish'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { signInTenant, type Tenant } from './gateway-tenant.ts'
import { administrator, createRunningServer, type RunningServer } from './running-server.ts'

/** The whole of 127.0.0.0/8 is this machine: clients call from different addresses of it. */
const allowed = '127.0.0.2'
const refused = '127.0.0.3'

describe('an endpoint that was published, asked through a gateway', () => {
  let server: RunningServer
  let gateway: GatewayProcess
  let tenant: Tenant
  let accessToken: string
  let apiToken: string

  beforeAll(async () => {
    server = await createRunningServer()
    await server.start()
    tenant = await signInTenant(server.url, administrator.login, administrator.password)
    const signedIn = await tenant.client.call(login, { body: administrator })
    if (!('accessToken' in signedIn.data)) throw new Error('A second factor was asked for.')
    accessToken = signedIn.data.accessToken
    const issued = await tenant.client.call(createToken, {
      body: { name: 'Client', scopes: ['records:read'] },
    })
    apiToken = issued.data.token
    const { key } = await tenant.gatewayKey('Test')
    gateway = await startGatewayProcess({ server: server.url, key })
    await gateway.live()
  }, 120_000)
  afterAll(async () => {
    await gateway.remove()
    await server.remove()
  })

  async function publish(path: string, rules: object): Promise<void> {
    const body = { name: `Endpoint ${path}`, path, method: 'GET' as const, ...rules }
    const { data } = await tenant.client.call(createEndpoint, { body })
    await tenant.client.call(publishEndpoint, {
      params: { tenantId: tenant.id },
      query: { wait: 'applied' },
      body: { endpointId: data.id },
    })
  }

  /** The status that a client at this address gets. */
  const ask = (
    url: string,
    { from = allowed, headers = {} }: { from?: string; headers?: Record<string, string> } = {},
  ) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request(url, { localAddress: from, headers, agent: false }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode))
      })
      asked.once('error', reject).end()
    })

  it('what its gateway tells Prometheus is accepted by promtool', { timeout: 120_000 }, async () => {
    expect((await fetch(`${gateway.url()}/nowhere`)).status).toBe(404)
    const adminUrl = /Health and metrics at (\S+)/.exec(gateway.output())?.[1] ?? ''
    const answer = await fetch(`${adminUrl}/metrics`)
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const input = await answer.text()
    expect(input).toContain('holdfast_gateway_requests_total')
    const checked = spawnSync('/usr/bin/promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', ''])
  })

  it('lets in who the endpoint lets in, and nobody else', { timeout: 120_000 }, async () => {
    await publish('/api/wares', { accessType: 'authenticated' })
    const url = `${gateway.url()}/api/wares`
    const withToken = (token: string) => ask(url, { headers: { authorization: `Bearer ${token}` } })
    expect(await withToken(accessToken)).toBe(200)
    expect(await withToken(apiToken)).toBe(200)
    expect(await ask(url, { headers: { 'x-api-key': apiToken } })).toBe(200)
    expect(await ask(url)).toBe(401)
    expect(await withToken(`hft_${'x'.repeat(43)}`)).toBe(401)
    const consumer = await tenant.consumer('A consumer is nobody whom the endpoint knows')
    expect(await ask(url, { headers: { 'x-api-key': consumer.apiKey } })).toBe(401)
  })

  it.each([
    ['addresses alone', []],
    ['addresses or domains', ['shop.example']],
  ])(
    'its network rules hold for the client, not for the gateway: %s',
    { timeout: 120_000 },
    async (_title, allowedDomains) => {
      const path = `/api/inside-${allowedDomains.length}`
      const networkAccess = { enabled: true, allowedDomains, allowedIpRanges: [`${allowed}/32`] }
      await publish(path, { accessType: 'public', networkAccess })
      const url = gateway.url() + path
      expect(await ask(url)).toBe(200)
      expect(await ask(url, { from: refused })).toBe(403)
      expect(await ask(url, { from: refused, headers: { 'x-forwarded-for': allowed } })).toBe(403)
      const origin = { origin: 'https://shop.example' }
      expect(await ask(url, { from: refused, headers: origin })).toBe(allowedDomains.length === 0 ? 403 : 200)
    },
  )
})
