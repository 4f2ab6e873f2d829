import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { mcpLimits } from '@holdfast/contracts/builder/mcp'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { until } from '@holdfast/testkit/until'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Progress } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Runs until its worker is stopped. */
const endless = 'while (true) {}'

let server: TestServer
let admin: TestUser
let client: Client
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  await admin.client.call(createEndpoint, {
    body: {
      name: 'Slow',
      path: '/api/slow',
      method: 'GET',
      accessType: 'authenticated',
      handlers: [{ name: 'never ends', type: 'javascript', code: endless }],
    },
  })
  client = new Client({ name: 'test', version: '1' })
  const url = new URL(`${server.url}/api/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: admin.headers } }))
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

describe('slow calls', () => {
  it('say how far they are to whoever asks', async () => {
    const heard: Progress[] = []
    await client.callTool({ name: 'get_api_operations', arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    })
    expect(heard[0]).toMatchObject({ progress: 0 })
  })

  it('a cancelled call is not waited for, and the next one is served', async () => {
    const abort = new AbortController()
    const call = client.callTool({ name: 'get_api_slow', arguments: {} }, undefined, {
      signal: abort.signal,
      onprogress: () => abort.abort('enough'),
    })
    await expect(call).rejects.toThrow('enough')
    const { structuredContent } = await client.callTool({ name: 'get_api_operations', arguments: {} })
    expect(structuredContent).toMatchObject({ success: true })
  })

  it('a notification from another request of the same client ends a call; one of another client does not', async () => {
    const ask = createAsk(server.url)
    const other = await server.as('superAdmin')
    const headers = { ...admin.headers, 'mcp-session-id': 'one' }
    const cancel = (who: Record<string, string>) =>
      ask('POST', '/api/mcp', {
        headers: who,
        body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'slow' } },
      })
    const params = { name: 'get_api_slow', arguments: {} }
    let answered = false
    const slow = ask('POST', '/api/mcp', {
      headers,
      body: { jsonrpc: '2.0', id: 'slow', method: 'tools/call', params },
    }).finally(() => (answered = true))
    await cancel({ ...other.headers, 'mcp-session-id': 'one' })
    await cancel({ ...admin.headers, 'mcp-session-id': 'two' })
    expect(answered).toBe(false)
    await until(async () => {
      await cancel(headers)
      return answered
    })
    expect((await slow).body.error).toMatchObject({ code: -32_000, message: 'The call was cancelled.' })
  })

  it('a batch longer than the limit is refused as a whole', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
    const { status } = await createAsk(server.url)('POST', '/api/mcp', {
      headers: admin.headers,
      body: Array.from({ length: mcpLimits.batchMax + 1 }, () => ping),
    })
    expect(status).toBe(400)
  })
})
