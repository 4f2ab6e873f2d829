import { createEndpoint } from '@holdfast/contracts/builder/endpoints'
import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: TestUser
let reader: TestUser
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  reader = await server.as(['view'])
  const fields = [{ name: 'title', type: 'string' as const, required: true }]
  for (const [method, accessType] of [
    ['GET', 'public'],
    ['POST', 'authenticated'],
    ['DELETE', 'group'],
  ] as const) {
    await admin.client.call(createEndpoint, {
      body: { name: `Products ${method}`, path: '/api/products', method, accessType, fields },
    })
  }
})
afterAll(() => server.stop())

const rpc = async (who: TestUser, body: unknown, headers: Record<string, string> = {}) =>
  createAsk(server.url)('POST', '/api/mcp', { body, headers: { ...who.headers, ...headers } })

const message = (method: string, params?: object, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params && { params }),
})

const call = (name: string, args: object = {}, id: number | string = 1) =>
  message('tools/call', { name, arguments: args }, id)

async function connect(who: TestUser) {
  const client = new Client({ name: 'test', version: '1' })
  const url = new URL(`${server.url}/api/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: who.headers } }))
  return client
}

describe('the MCP server, as plain JSON-RPC', () => {
  it('initialises with the version that the client names, and with its newest for one that it does not know', async () => {
    const version = async (protocolVersion: string) =>
      (await rpc(admin, message('initialize', { protocolVersion }))).body.result.protocolVersion
    expect(await version('2024-11-05')).toBe('2024-11-05')
    expect(await version('2025-06-18')).toBe('2025-06-18')
    expect(await version('1999-01-01')).toBe('2025-11-25')
  })

  it('answers a batch in one piece, each request by its id', async () => {
    const { body } = await rpc(admin, [
      message('ping', undefined, 'a'),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      call('get_api_products', {}, 'b'),
    ])
    expect(body.map(({ id }: { id: string }) => id).sort()).toEqual(['a', 'b'])
  })

  it('takes notifications without an answer', async () => {
    const { status, body } = await rpc(admin, { jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([status, body]).toEqual([202, undefined])
  })

  it('refuses unknown methods, bad params and unknown tools with the codes of JSON-RPC', async () => {
    const code = async (body: unknown) => (await rpc(admin, body)).body.error.code
    expect(await code(message('tools/destroy'))).toBe(-32_601)
    expect(await code(message('tools/call', { arguments: {} }))).toBe(-32_602)
    expect(await code(call('get_api_nothing'))).toBe(-32_602)
    expect(await code(call('get_api_products', { params: { id: '../users' }, other: 1 }))).toBe(-32_602)
    expect(await code(call('get_api_users_id', { params: { id: '..' } }))).toBe(-32_602)
    expect(await code(message('tools/list', { cursor: 'bm9ib2R5' }))).toBe(-32_602)
    expect(await code(message('resources/read', { uri: 'file:///etc/passwd' }))).toBe(-32_002)
  })

  it('tells a stranger where to learn about credentials, and changes nothing', async () => {
    const { status, headers } = await createAsk(server.url)('POST', '/api/mcp', { body: message('ping') })
    expect(status).toBe(401)
    const [, url] = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? []
    const metadata = await fetch(url ?? '')
    expect(await metadata.json()).toMatchObject({
      resource: `${server.url}/api/mcp`,
      bearer_methods_supported: ['header'],
    })
  })

  it('lets no page of another origin speak to it', async () => {
    const origin = async (value: string) => (await rpc(admin, message('ping'), { origin: value })).status
    expect(await origin('http://evil.example')).toBe(403)
    expect(await origin('null')).toBe(403)
    expect(await origin(server.url)).toBe(200)
  })

  it('refuses a version in the header that it does not speak', async () => {
    const { status, body } = await rpc(admin, message('ping'), { 'mcp-protocol-version': '1.0' })
    expect([status, body.code]).toEqual([400, 'mcp.version_unsupported'])
  })
})

describe('tools', () => {
  it('there is one for every endpoint and route that the caller may call, and no other', async () => {
    const names = async (who: TestUser) => {
      const client = await connect(who)
      const found: string[] = []
      let cursor: string | undefined
      do {
        const { tools, nextCursor } = await client.listTools({ cursor })
        found.push(...tools.map(({ name }) => name))
        cursor = nextCursor
      } while (cursor !== undefined)
      await client.close()
      return found
    }
    const [ofAdmin, ofReader] = [await names(admin), await names(reader)]
    expect(ofAdmin.slice(0, 2)).toEqual(['get_api_products', 'post_api_products'])
    expect(ofAdmin).toContain('post_api_endpoints')
    expect(ofReader).toContain('get_api_endpoints')
    expect(ofReader).not.toContain('post_api_endpoints')
    expect(ofAdmin).not.toContain('delete_api_products')
    expect(new Set(ofAdmin).size).toBe(ofAdmin.length)
    for (const withheld of [
      'post_api_tokens',
      'post_api_users',
      'post_api_webhooks',
      'post_api_tenants_tenantid_keys',
      'post_api_tenants_tenantid_consumers',
      'post_api_endpoints_id_test',
      'put_api_profile',
    ])
      expect(ofAdmin).not.toContain(withheld)
    expect(ofAdmin.filter((name) => /_api_(auth|setup)_|_v1_auth_/.test(name))).toEqual([])
  })

  it('say from the fields of the endpoint what they take and answer, and hint what they do', async () => {
    const { body } = await createAsk(server.url)('GET', '/api/mcp/tools?kind=endpoint', {
      headers: admin.headers,
    })
    const [get, post] = body.data
    expect(post).toMatchObject({
      name: 'post_api_products',
      inputSchema: { required: ['body'] },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    })
    expect(post.inputSchema.properties.body.anyOf[0]).toMatchObject({
      properties: { title: { type: 'string' } },
      required: ['title'],
    })
    expect(get.annotations).toMatchObject({ readOnlyHint: true, idempotentHint: true })
    expect(get.outputSchema.properties.data.anyOf[0].properties.title.type).toEqual(['string', 'null'])
  })

  it('create and read records as the same request over HTTP would, with its refusals', async () => {
    const client = await connect(reader)
    const created = await client.callTool({
      name: 'post_api_products',
      arguments: { body: { title: 'Lamp' } },
    })
    expect(created.structuredContent).toMatchObject({ success: true, data: { title: 'Lamp' } })
    const refused = await client.callTool({ name: 'post_api_products', arguments: { body: {} } })
    expect(refused).toMatchObject({ isError: true, structuredContent: { success: false } })
    const { id } = (created.structuredContent as { data: { id: string } }).data
    const read = await client.callTool({ name: 'get_api_products', arguments: { params: { id } } })
    expect(read.structuredContent).toMatchObject({ data: { title: 'Lamp' } })
    const list = await client.callTool({ name: 'get_api_products', arguments: { query: { limit: 5 } } })
    expect((list.structuredContent as { data: unknown[] }).data).toHaveLength(1)
    await client.close()
  })

  it('call management routes through their guard, and leave their audit entry', async () => {
    const client = await connect(admin)
    // The client holds every answer against the output schema that it has listed.
    const { nextCursor } = await client.listTools()
    await client.listTools({ cursor: nextCursor })
    const made = await client.callTool({
      name: 'post_api_endpoints_groups',
      arguments: { body: { name: 'Made by a tool' } },
    })
    expect(made.structuredContent).toMatchObject({ success: true, data: { name: 'Made by a tool' } })
    const list = await client.callTool({ name: 'get_api_endpoints_groups' })
    expect(JSON.stringify(list.structuredContent)).toContain('Made by a tool')
    const rows = await server.database.kysely
      .selectFrom('audit_entries')
      .select('action')
      .where('action', '=', 'endpoint_group.created')
      .execute()
    expect(rows).toHaveLength(1)
    await client.close()
  })

  it('every call is in the activity log, with its source', async () => {
    await rpc(admin, call('get_api_products'))
    const row = await until(async () => {
      server.clock.advance(1_000)
      const { body } = await createAsk(server.url)('GET', '/api/dashboard/logs?action=mcp_call&limit=200', {
        headers: admin.headers,
      })
      return body.data.find((each: { message: string }) => each.message === 'get_api_products: 200')
    })
    expect(row).toMatchObject({ source: 'mcp', userId: admin.user.id, statusCode: 200 })
  })
})

describe('resources and prompts', () => {
  it('the description holds the endpoints that the caller may know of', async () => {
    const client = await connect(reader)
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toEqual(['openapi://spec'])
    const { contents } = await client.readResource({ uri: 'openapi://spec' })
    const text = contents.map((content) => ('text' in content ? content.text : '')).join('')
    expect(Object.keys(JSON.parse(text).paths['/api/products'])).toEqual(['get', 'post', 'delete'])
    const { prompts } = await client.listPrompts()
    expect(prompts.length).toBeGreaterThan(0)
    const prompt = await client.getPrompt({ name: 'design_endpoint', arguments: { thing: 'invoices' } })
    expect(JSON.stringify(prompt.messages)).toContain('invoices')
    await client.close()
  })
})
