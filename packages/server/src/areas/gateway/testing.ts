import { createService } from '@holdfast/contracts/gateway/services'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { onTestFinished } from 'vitest'
import { systemContext } from '../../context.ts'

/** A server with one tenant, whose owner asks. Stops when the test is finished. */
export async function createTenantHarness(who: Parameters<TestServer['as']>[0] = 'user') {
  const server = await startTestServer()
  onTestFinished(() => server.stop())
  const owner = await server.as(who)
  const { tenantId, client, headers } = owner
  const params = { tenantId }
  const send = createAsk(server.url)
  /** Below the tenant's own path. */
  const ask = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    send(method, `/api/tenants/${tenantId}${path}`, { body, headers: { ...headers, ...more } })
  const makeService = (name = 'Shop') =>
    client.call(createService, { params, query: {}, body: { name, targetUrl: 'http://127.0.0.1:9000' } })
  const { feed } = server.gateway
  /** What gateways hold now, by kind. */
  async function sent(kind: string, organizationId = tenantId) {
    const { entries } = await feed.snapshot(systemContext('test'), organizationId)
    return entries
      .filter((entry) => entry.kind === kind)
      .map((entry) => JSON.parse(entry.text ?? 'null') as Record<string, unknown>)
  }
  const revision = async () => (await feed.current(systemContext('test'), tenantId)).revision
  // The owner becomes a member of the configuration by an event, in a revision of its own.
  await until(async () => (await sent('member')).length === 1)
  return { server, owner, tenantId, client, params, ask, makeService, feed, sent, revision }
}
