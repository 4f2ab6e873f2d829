import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyDocument } from '@holdfast/contracts/gateway/apply'
import { createConsumer, revokeConsumer } from '@holdfast/contracts/gateway/consumers'
import { createGatewayKey, revokeGatewayKey } from '@holdfast/contracts/gateway/keys'
import { createClient } from '@holdfast/contracts/kit/client'
import { freePort, startPinned, untilAnswer } from '../lib/processes.ts'

const administrator = { login: 'bench', password: 'Bench-password-1' }

/** The product with one tenant whose route needs a key. */
export async function startControlPlane(core: number) {
  const data = mkdtempSync(join(tmpdir(), 'bench-data-'))
  // As root, PostgreSQL runs as another user, who must be able to reach the folder.
  chmodSync(data, 0o711)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const upstream = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  const main = join(import.meta.dirname, '../../packages/server/src/main.ts')
  const running = startPinned(core, [process.execPath, main], {
    PORT: String(port),
    HOLDFAST_DATA: data,
    HOLDFAST_GATEWAY_PORT: '0',
    HOLDFAST_LOG_LEVEL: 'error',
    HOLDFAST_ADMIN_LOGIN: administrator.login,
    HOLDFAST_ADMIN_PASSWORD: administrator.password,
  })
  await untilAnswer(`${url}/health/ready`, running)
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  })
  const { token, tenantId } = (await response.json()) as { token: string; tenantId: string }
  const client = createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${token}` }) })
  const params = { tenantId }
  const address = upstream.address()
  const targetUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`

  return {
    url,
    /** One revision: the route, and so many consumers beside those that are measured. */
    async configure(consumers: number): Promise<void> {
      await client.call(applyDocument, {
        params,
        query: {},
        body: {
          // Refused keys count as guesses, which are limited by address; here all come from one.
          settings: { anonymousPerMinute: null },
          services: [{ name: 'bench', targetUrl }],
          routes: [{ method: 'ANY', pathPattern: '/bench', service: 'bench', authRequired: true }],
          consumers: Array.from({ length: consumers }, (_, index) => ({
            name: `Consumer ${index}`,
            rateLimitTier: 'unlimited' as const,
          })),
        },
      })
    },
    async gatewayKey() {
      const { id, gatewayApiKey } = await client.call(createGatewayKey, { params, body: { label: 'bench' } })
      const revoke = () => client.call(revokeGatewayKey, { params: { ...params, id } })
      return { key: gatewayApiKey, revoke }
    },
    /** Answers when every gateway has it. */
    createConsumer: () =>
      client.call(createConsumer, {
        params,
        query: { wait: 'applied' },
        body: { name: 'Victim', rateLimitTier: 'unlimited' },
      }),
    async revoke(id: string, wait: boolean): Promise<void> {
      await client.call(revokeConsumer, {
        params: { ...params, id },
        query: wait ? { wait: 'applied' } : {},
      })
    },
    async remove() {
      await running.stop()
      upstream.close()
      upstream.closeAllConnections()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
export type ControlPlane = Awaited<ReturnType<typeof startControlPlane>>
