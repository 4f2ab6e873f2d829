import { createAsk } from '@holdfast/testkit/ask'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import type { TestUser } from '@holdfast/testkit/people'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: TestUser
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
  const fields = [
    { name: 'title', type: 'string', required: true },
    { name: 'price', type: 'number' },
    { name: 'maker', type: 'object', children: [{ name: 'city', type: 'string' }] },
  ]
  for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
    await createAsk(server.url)('POST', '/api/endpoints', {
      body: { name: `Lamps ${method}`, path: '/api/lamps', method, accessType: 'authenticated', fields },
      headers: admin.headers,
    })
})
afterAll(() => server.stop())

async function callTool(name: string, args: object = {}) {
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
  const answer = await createAsk(server.url)('POST', '/api/mcp', { body, headers: admin.headers })
  return answer.body
}

const titlesIn = (answer: { result: { structuredContent: { data: { title: string }[] } } }) =>
  answer.result.structuredContent.data.map(({ title }) => title)

describe('a tool of an endpoint takes what the same request over HTTP takes', () => {
  it('several records at once, once for each idempotency key', async () => {
    const lamps = [
      { title: 'Desk', price: 40, maker: { city: 'Oslo' } },
      { title: 'Floor', price: 90, maker: { city: 'Bergen' } },
      { title: 'Wall', price: 65 },
    ]
    const input = { body: lamps, headers: { 'Idempotency-Key': 'first' } }
    const made = await callTool('post_api_lamps', input)
    expect(made.result.structuredContent.data).toHaveLength(3)
    expect((await callTool('post_api_lamps', input)).result.structuredContent).toEqual(
      made.result.structuredContent,
    )
    expect(titlesIn(await callTool('get_api_lamps'))).toHaveLength(3)
  })

  it('filters, order, pages and fields of a list', async () => {
    const list = async (query: object) => titlesIn(await callTool('get_api_lamps', { query }))
    expect(await list({ filter: { price: { gte: 50, lt: 90 } } })).toEqual(['Wall'])
    expect(await list({ filter: { 'maker.city': 'Oslo' } })).toEqual(['Desk'])
    expect(await list({ filter: { title: { in: ['Desk', 'Wall'] } }, sort: 'price' })).toEqual([
      'Desk',
      'Wall',
    ])
    const first = await callTool('get_api_lamps', { query: { sort: '-price', limit: 2, fields: 'title' } })
    expect(first.result.structuredContent.data.map(Object.keys)).not.toContain('price')
    const { nextCursor } = first.result.structuredContent.meta
    expect(await list({ sort: '-price', limit: 2, cursor: nextCursor })).toEqual(['Desk'])
  })

  it('the version that a record must have', async () => {
    const [{ id }] = (await callTool('get_api_lamps')).result.structuredContent.data
    const { content } = (await callTool('get_api_lamps', { params: { id } })).result
    const tag = content[1].text.replace('ETag: ', '')
    const change = (price: number) =>
      callTool('patch_api_lamps', { params: { id }, body: { price }, headers: { 'If-Match': tag } })
    expect((await change(1)).result.isError).toBe(false)
    expect((await change(2)).result).toMatchObject({
      isError: true,
      structuredContent: { code: 'records.version_mismatch' },
    })
  })

  it('several records to change or delete', async () => {
    const ids = (await callTool('get_api_lamps')).result.structuredContent.data.map(
      (lamp: { id: string }) => lamp.id,
    )
    const items = ids.map((id: string) => ({ id, price: 5 }))
    const changed = await callTool('patch_api_lamps', { body: { items } })
    expect(changed.result.structuredContent.data).toHaveLength(3)
    const gone = await callTool('delete_api_lamps', { body: { ids } })
    expect(gone.result.structuredContent.data).toEqual({ deleted: 3 })
  })

  it('no other header, and none for a route of the product', async () => {
    for (const [name, headers] of [
      ['post_api_lamps', { Authorization: 'Bearer x' }],
      ['post_api_lamps', { 'Idempotency-Key': 'two\nlines' }],
      ['get_api_groups', { 'If-Match': '"1"' }],
    ] as const)
      expect((await callTool(name, { headers, body: { title: 'No' } })).error).toMatchObject({
        code: -32_602,
      })
    expect(titlesIn(await callTool('get_api_lamps'))).toEqual([])
  })
})

describe('the schema of a tool', () => {
  it('names every input of a list, and its fields with their operators', async () => {
    const { body } = await createAsk(server.url)('GET', '/api/mcp/tools?kind=endpoint&search=get_api_lamps', {
      headers: admin.headers,
    })
    const { inputSchema } = body.data[0]
    const { properties } = inputSchema.properties.query
    expect(Object.keys(properties)).toEqual(['page', 'limit', 'cursor', 'sort', 'search', 'fields', 'filter'])
    expect(Object.keys(properties.filter.properties)).toEqual([
      'title',
      'price',
      'maker',
      'maker.city',
      'id',
      'createdAt',
      'updatedAt',
    ])
    expect(properties.filter.properties.price.anyOf[1]).toEqual({ $ref: '#/$defs/RecordNumberFilter' })
    expect(inputSchema.$defs.RecordNumberFilter.properties.gte).toEqual({ type: 'number' })
  })
})
