import type { FieldRequest } from '@holdfast/contracts/builder/fields'
import {
  getEndpointDocs,
  getEndpointExamples,
  testEndpoint,
} from '@holdfast/contracts/builder/endpoint-tools'
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  listEndpointVersions,
  restoreEndpointVersion,
  updateEndpoint,
} from '@holdfast/contracts/builder/endpoints'
import { createEndpointGroup, deleteEndpointGroup } from '@holdfast/contracts/builder/endpoint-groups'
import { createGroup, deleteGroup } from '@holdfast/contracts/identity/groups'
import { getOperation } from '@holdfast/contracts/platform/operations'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { until } from '@holdfast/testkit/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let admin: Awaited<ReturnType<TestServer['as']>>
beforeAll(async () => {
  server = await startTestServer()
  admin = await server.as('superAdmin')
})
afterAll(() => server.stop())

let count = 0
const freshPath = () => `/api/things${(count += 1)}`

const call: TestServer['anonymous']['call'] = (route, ...input) => admin.client.call(route, ...input)

async function define(
  path: string,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  schema: FieldRequest[] = [],
  more: object = {},
) {
  return (
    await call(createEndpoint, {
      body: { name: `${method} ${path}`, path, method, accessType: 'public', schema, ...more },
    })
  ).data
}

interface Answer {
  data: Record<string, unknown> & Record<string, unknown>[]
  error?: string
  code?: string
}

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(server.url + path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

const traces = async () => ({
  audit: (await server.database.kysely.selectFrom('audit_entries').select('id').execute()).length,
  events: (await server.database.kysely.selectFrom('events').select('id').execute()).length,
  endpoints: (await server.database.kysely.selectFrom('endpoints').select('id').execute()).length,
  collections: (await server.database.kysely.selectFrom('collections').select('id').execute()).length,
})

/** The promise is refused with this code, and nothing has happened. */
async function expectRefused(work: () => Promise<unknown>, expected: object) {
  const before = await traces()
  await expect(work()).rejects.toMatchObject(expected)
  expect(await traces()).toEqual(before)
}

describe('defining an endpoint', () => {
  it('answers from the moment its definition is answered, and is audited and announced once', async () => {
    const path = freshPath()
    const before = await traces()
    const endpoint = await define(path, 'POST', [{ name: 'title', type: 'string', required: true }])
    const created = await send('POST', path, { title: 'First' })
    expect(created.status).toBe(201)
    expect(created.body.data).toMatchObject({ title: 'First' })
    expect(await traces()).toMatchObject({ audit: before.audit + 1, events: before.events + 1 })
    expect((await call(getEndpoint, { params: { id: endpoint.id } })).data).toEqual(endpoint)
    expect(endpoint).toMatchObject({
      _id: endpoint.id,
      path,
      enabled: true,
      isSystem: false,
      schemaVersion: 1,
      fields: endpoint.schema,
    })
  })

  it('the body of the reference is accepted as it stands', async () => {
    const group = (await call(createEndpointGroup, { body: { name: 'Shop' } })).data
    const target = await define(freshPath(), 'GET')
    const body = {
      name: 'Products',
      description: 'Product list',
      slug: 'products',
      path: '/api/products',
      method: 'GET' as const,
      accessType: 'authenticated' as const,
      groupId: group.id,
      schema: [
        { name: 'title', type: 'string' as const, required: true, order: 0 },
        { name: 'categoryId', type: 'reference' as const, refEndpointId: target.id, order: 1 },
      ],
      networkAccess: {
        enabled: true,
        allowedDomains: ['app.example.com', '*.example.com'],
        allowedIpRanges: ['10.0.0.0/8', '203.0.113.50'],
      },
      inheritGroupNetworkAccess: true,
      enabled: true,
    }
    const { data } = await call(createEndpoint, { body })
    expect(data).toMatchObject({
      ...body,
      schema: [{ name: 'title' }, { name: 'categoryId', refEndpointId: target.id }],
    })
  })

  it.each([
    [{ path: '/api/endpoints' }, 'endpoints.path_reserved'],
    [{ path: '/api/users/archive' }, 'endpoints.path_reserved'],
    // Else a definition above a route would be asked in its place.
    [{ path: '/api' }, 'endpoints.path_reserved'],
    [{ path: '/api', method: 'PUT' }, 'endpoints.path_reserved'],
    [{ path: '/api/auth', method: 'GET' }, 'endpoints.path_reserved'],
    [{ path: '/api/setup' }, 'endpoints.path_reserved'],
    [{ path: '/v1' }, 'endpoints.path_reserved'],
    [{ path: '/v1/auth' }, 'endpoints.path_reserved'],
    // Else the console's pages and files would be answered by records.
    [{ path: '/build' }, 'endpoints.path_reserved'],
    [{ path: '/admin/users/:id' }, 'endpoints.path_reserved'],
    [{ path: '/assets/main.js' }, 'endpoints.path_reserved'],
    [{ path: '/:page/of' }, 'endpoints.path_reserved'],
    [{ path: '/api/x y' }, 'endpoints.path_invalid'],
    [{ path: '/elsewhere', apiVersion: 'v1' }, 'endpoints.path_invalid'],
    [
      { networkAccess: { enabled: true, allowedDomains: ['http://x'], allowedIpRanges: ['1.2.3'] } },
      'endpoints.network_invalid',
    ],
    [{ allowedGroupIds: ['0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'] }, 'endpoints.group_unknown'],
    [{ groupId: '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e' }, 'endpoint_groups.not_found'],
    [{ schema: [{ name: 'a', type: 'reference' }] }, 'endpoints.schema_invalid'],
    [
      {
        schema: [
          { name: 'a', type: 'string' },
          { name: 'a', type: 'number' },
        ],
      },
      'endpoints.schema_invalid',
    ],
    [{ schema: [{ name: 'a', type: 'number', defaultValue: 'x' }] }, 'endpoints.schema_invalid'],
    [{ schema: [{ name: 'a', type: 'json', unique: true }] }, 'endpoints.schema_invalid'],
    [{ schema: [{ name: '_id', type: 'string' }] }, 'request.invalid'],
    [{ schema: [{ name: 'a', type: 'date' }] }, 'request.invalid'],
  ])('%j is refused with %s and leaves nothing behind', async (part, code) => {
    expect.hasAssertions()
    const body = { name: 'Bad', path: freshPath(), method: 'POST', ...part }
    await expectRefused(() => call(createEndpoint, { body: body as never }), { code })
  })

  it('network mistakes are all named in the sentence', async () => {
    const networkAccess = { enabled: true, allowedDomains: ['http://x'], allowedIpRanges: ['1.2.3'] }
    await expect(define(freshPath(), 'GET', [], { networkAccess })).rejects.toMatchObject({
      status: 400,
      message: 'Invalid domain pattern: "http://x"; Invalid IP or CIDR range: "1.2.3"',
    })
  })

  it('a second endpoint with the same path and method is refused, whatever its parameter is called', async () => {
    expect.hasAssertions()
    const path = freshPath()
    await define(`${path}/:id`, 'GET')
    await expectRefused(() => define(`${path}/:key`, 'GET'), { code: 'endpoints.path_taken', status: 409 })
  })

  it('a disabled endpoint does not answer', async () => {
    const path = freshPath()
    const { id } = await define(path, 'GET')
    expect((await send('GET', path)).status).toBe(200)
    await call(updateEndpoint, { params: { id }, body: { enabled: false } })
    expect((await send('GET', path)).status).toBe(404)
  })
})

describe('system endpoints', () => {
  it('the product’s own routes are listed after one’s own, can be read and documented, and cannot be changed', async () => {
    const { data } = await call(listEndpoints, { query: { system: 'true', limit: 500 } })
    const own = data.find(({ path, method }) => path === '/api/groups' && method === 'POST')
    if (own === undefined) throw new Error('The group routes are not listed.')
    expect(own).toMatchObject({ isSystem: true, accessType: 'authenticated' })
    expect(own.schema.map(({ name }) => name)).toContain('permissions')
    const params = { id: own.id }
    expect((await call(getEndpoint, { params })).data).toEqual(own)
    expect((await call(getEndpointDocs, { params })).data.snippets.curl).toContain('/api/groups')
    await expectRefused(() => call(updateEndpoint, { params, body: { name: 'Mine' } }), {
      code: 'endpoints.system_protected',
      status: 403,
    })
    await expectRefused(() => call(deleteEndpoint, { params, query: {} }), {
      code: 'endpoints.system_protected',
    })
  })

  it('testing one calls the real route with the caller’s own rights', async () => {
    const { data } = await call(listEndpoints, { query: { system: 'true', limit: 500 } })
    const create = data.find(({ path, method }) => path === '/api/groups' && method === 'POST')
    const viewer = await server.as(['view'])
    const input = { params: { id: create?.id ?? '' }, body: { body: { name: 'From the tester' } } }
    expect((await viewer.client.call(testEndpoint, input)).data.response).toMatchObject({ statusCode: 403 })
    expect((await call(testEndpoint, input)).data.response).toMatchObject({
      statusCode: 201,
      body: { data: { name: 'From the tester' } },
    })
  })

  it('pages run through one’s own endpoints into the product’s without a gap', async () => {
    const { data: all, meta } = await call(listEndpoints, { query: { limit: 500 } })
    const pages = []
    for (let page = 1; (page - 1) * 7 < meta.total; page += 1)
      pages.push(...(await call(listEndpoints, { query: { page, limit: 7 } })).data)
    expect(pages.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(all).toHaveLength(meta.total)
  })
})

describe('changing a schema', () => {
  it('a renamed field keeps its values', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [{ name: 'title', type: 'string' }])
    await define(path, 'GET')
    await send('POST', path, { title: 'Kept' })
    const [title] = post.schema
    await call(updateEndpoint, {
      params: { id: post.id },
      body: { schema: [{ id: title?.id, name: 'headline', type: 'string' }] },
    })
    expect((await send('GET', path)).body.data[0]).toMatchObject({ headline: 'Kept' })
    expect((await send('GET', path)).body.data[0]).not.toHaveProperty('title')
    expect((await send('POST', path, { title: 'Old name' })).body.error).toBe('Unknown field "title"')
    expect((await send('POST', path, { headline: 'New name' })).status).toBe(201)
  })

  it('removing a field that has values is refused with the number of records until confirmed, and restoring brings them back', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [
      { name: 'title', type: 'string' },
      { name: 'price', type: 'number' },
    ])
    await define(path, 'GET')
    await send('POST', path, { title: 'A', price: 1 })
    await send('POST', path, { title: 'B', price: 2 })
    await send('POST', path, { title: 'C' })
    const params = { id: post.id }
    const body = { schema: [{ name: 'title', type: 'string' as const }] }
    await expectRefused(() => call(updateEndpoint, { params, body }), {
      code: 'endpoints.schema_loses_data',
      status: 409,
      data: { affected: [{ field: 'price', records: 2, change: 'removed' }] },
    })
    await call(updateEndpoint, { params, body: { ...body, confirm: true } })
    expect((await send('GET', path)).body.data.some((record: object) => 'price' in record)).toBe(false)

    const { data: versions } = await call(listEndpointVersions, { params, query: {} })
    expect(versions.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
      [2, true],
      [1, false],
    ])
    const restored = await call(restoreEndpointVersion, { params: { ...params, version: '1' }, body: {} })
    expect(restored.data).toMatchObject({ schemaVersion: 3, schema: post.schema })
    expect((await send('GET', path)).body.data.map(({ title, price }) => [title, price])).toEqual([
      ['C', undefined],
      ['B', 2],
      ['A', 1],
    ])
  })

  it('a field added again under the name of a removed one starts empty', async () => {
    const path = freshPath()
    const { id } = await define(path, 'POST', [
      { name: 'a', type: 'string' },
      { name: 'secret', type: 'string' },
    ])
    await define(path, 'GET')
    await send('POST', path, { a: '1', secret: 'old' })
    await call(updateEndpoint, {
      params: { id },
      body: { schema: [{ name: 'a', type: 'string' }], confirm: true },
    })
    await call(updateEndpoint, {
      params: { id },
      body: {
        schema: [
          { name: 'a', type: 'string' },
          { name: 'secret', type: 'string' },
        ],
      },
    })
    expect((await send('GET', path)).body.data[0]).not.toHaveProperty('secret')
    await send('POST', path, { a: '2', secret: 'new' })
    expect((await send('GET', path)).body.data[0]).toMatchObject({ a: '2', secret: 'new' })
  })

  it('a changed type converts the values it can, and keeps the others for a restore', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [{ name: 'size', type: 'string' }])
    await define(path, 'GET')
    await send('POST', path, { size: '42' })
    await send('POST', path, { size: 'large' })
    const params = { id: post.id }
    const schema = [{ id: post.schema[0]?.id, name: 'size', type: 'number' as const }]
    await expectRefused(() => call(updateEndpoint, { params, body: { schema } }), {
      code: 'endpoints.schema_loses_data',
      data: { affected: [{ field: 'size', records: 2 }] },
    })
    const { operationIds } = await call(updateEndpoint, { params, body: { schema, confirm: true } })
    expect(await finished(operationIds[0])).toMatchObject({
      state: 'succeeded',
      result: { converted: 1, kept: 1 },
    })
    expect((await send('GET', path)).body.data.map(({ size }) => size)).toEqual([undefined, 42])
    await call(restoreEndpointVersion, { params: { ...params, version: '1' }, body: { confirm: true } })
    expect((await send('GET', path)).body.data.map(({ size }) => size)).toEqual(['large', '42'])
  })

  it('a changed type of a nested field converts its values in objects and in the items of lists', async () => {
    const path = freshPath()
    const size = (type: 'string' | 'number') => ({ name: 'size', type })
    const schemaOf = (type: 'string' | 'number') => [
      {
        name: 'box',
        type: 'object' as const,
        children: [size(type), { name: 'color', type: 'string' as const }],
      },
      { name: 'parts', type: 'array' as const, children: [size(type)] },
    ]
    const post = await define(path, 'POST', schemaOf('string'))
    await define(path, 'GET')
    const stored = { box: { size: '42', color: 'red' }, parts: [{ size: '1' }, { size: 'large' }] }
    await send('POST', path, stored)
    const params = { id: post.id }
    const body = { schema: schemaOf('number'), confirm: true }
    const { operationIds } = await call(updateEndpoint, { params, body })
    for (const id of operationIds) expect(await finished(id)).toMatchObject({ state: 'succeeded' })
    expect((await send('GET', path)).body.data[0]).toMatchObject({
      box: { size: 42, color: 'red' },
      parts: [{ size: 1 }, {}],
    })
    await call(restoreEndpointVersion, { params: { ...params, version: '1' }, body: { confirm: true } })
    expect((await send('GET', path)).body.data[0]).toMatchObject(stored)
  })

  it('a type may change freely while there are no values', async () => {
    const path = freshPath()
    const { id } = await define(path, 'POST', [{ name: 'size', type: 'string' }])
    await call(updateEndpoint, { params: { id }, body: { schema: [{ name: 'size', type: 'number' }] } })
    expect((await send('POST', path, { size: 3 })).status).toBe(201)
  })

  it('endpoints on one path share a field, and another type for its name is refused', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [{ name: 'title', type: 'string' }])
    await expectRefused(() => define(path, 'PUT', [{ name: 'title', type: 'number' }]), {
      code: 'endpoints.schema_conflict',
      status: 409,
    })
    const put = await define(path, 'PUT', [{ name: 'title', type: 'string', required: true }])
    expect(put.schema[0]?.id).toBe(post.schema[0]?.id)
    expect(put.collectionId).toBe(post.collectionId)
    await call(updateEndpoint, {
      params: { id: put.id },
      body: { schema: [{ id: put.schema[0]?.id, name: 'headline', type: 'string' }] },
    })
    expect((await call(getEndpoint, { params: { id: post.id } })).data.schema[0]?.name).toBe('headline')
  })

  it('a type changed by id is changed for the other endpoints on the path as well', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [{ name: 'size', type: 'string', required: true }])
    const put = await define(path, 'PUT', [{ name: 'size', type: 'string' }])
    await call(updateEndpoint, {
      params: { id: put.id },
      body: { schema: [{ id: put.schema[0]?.id, name: 'size', type: 'number' }] },
    })
    const [size] = (await call(getEndpoint, { params: { id: post.id } })).data.schema
    expect(size).toMatchObject({ type: 'number', required: true })
    expect((await send('POST', path, { size: 3 })).status).toBe(201)
  })

  it('unique is built over existing records, and refused with an example when there are duplicates', async () => {
    const path = freshPath()
    const { id } = await define(path, 'POST', [{ name: 'sku', type: 'string' }])
    await send('POST', path, { sku: 'A' })
    await send('POST', path, { sku: 'B' })
    const unique = { schema: [{ name: 'sku', type: 'string' as const, unique: true }] }
    const first = await call(updateEndpoint, { params: { id }, body: unique })
    expect(await finished(first.operationIds[0])).toMatchObject({ state: 'succeeded' })
    expect((await send('POST', path, { sku: 'A' })).status).toBe(409)

    const other = freshPath()
    const twice = await define(other, 'POST', [{ name: 'sku', type: 'string' }])
    await send('POST', other, { sku: 'X7' })
    await send('POST', other, { sku: 'X7' })
    const { operationIds } = await call(updateEndpoint, { params: { id: twice.id }, body: unique })
    const operation = await finished(operationIds[0])
    expect(operation).toMatchObject({ state: 'failed', problem: { code: 'endpoints.values_not_unique' } })
    expect(operation.problem?.error).toContain('X7')
    expect((await call(getEndpoint, { params: { id: twice.id } })).data.schema[0]?.unique).toBe(false)
    expect((await send('POST', other, { sku: 'X7' })).status).toBe(201)
  })
})

async function finished(id: string | undefined) {
  return until(async () => {
    const { data } = await call(getOperation, { params: { id: id ?? '' } })
    return ['succeeded', 'failed', 'cancelled'].includes(data.state) ? data : undefined
  })
}

describe('moving and deleting', () => {
  it('records follow the only endpoint of a path to its new path', async () => {
    const [path, other] = [freshPath(), freshPath()]
    const { id } = await define(path, 'GET')
    const post = await define(path, 'POST', [{ name: 'title', type: 'string' }])
    await send('POST', path, { title: 'Moved' })
    await call(updateEndpoint, { params: { id: post.id }, body: { path: other } })
    expect((await send('GET', path)).body.data).toEqual([])
    await call(updateEndpoint, { params: { id }, body: { path: other } })
    expect((await send('GET', other)).body.data).toMatchObject([{ title: 'Moved' }])
    expect((await send('GET', path)).status).toBe(404)
  })

  it('records stay while another endpoint serves their path, and go with the last one', async () => {
    const path = freshPath()
    const post = await define(path, 'POST', [{ name: 'title', type: 'string' }])
    const get = await define(path, 'GET')
    await send('POST', path, { title: 'Here' })
    await call(deleteEndpoint, { params: { id: post.id }, query: {} })
    expect((await send('GET', path)).body.data).toMatchObject([{ title: 'Here' }])
    await call(deleteEndpoint, { params: { id: get.id }, query: {} })
    await define(path, 'GET')
    expect((await send('GET', path)).body.data).toEqual([])
  })

  it('an endpoint that others refer to is only deleted when confirmed', async () => {
    const target = await define(freshPath(), 'POST', [{ name: 'name', type: 'string' }])
    const path = freshPath()
    await define(path, 'POST', [
      {
        name: 'owner',
        type: 'object',
        children: [{ name: 'id2', type: 'reference', refEndpointId: target.id }],
      },
    ])
    const params = { id: target.id }
    await expectRefused(() => call(deleteEndpoint, { params, query: {} }), {
      code: 'endpoints.referenced',
      status: 409,
      data: { referencedBy: [`POST ${path}`] },
    })
    await call(deleteEndpoint, { params, query: { confirm: 'true' } })
    const answer = await send('POST', path, { owner: { id2: '65f0c2a1b4e8d90012345678' } })
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'Field "owner.id2" references unknown endpoint' },
    })
  })

  it('a deleted endpoint group leaves its endpoints, a deleted group is taken from those it was allowed on', async () => {
    const folder = (await call(createEndpointGroup, { body: { name: 'Passing' } })).data
    const people = (await call(createGroup, { body: { name: 'Passing people', permissions: [] } })).data
    const { id } = await define(freshPath(), 'GET', [], {
      groupId: folder.id,
      accessType: 'group',
      allowedGroupIds: [people.id],
    })
    await call(deleteEndpointGroup, { params: { id: folder.id } })
    await call(deleteGroup, { params: { id: people.id } })
    const endpoint = await until(async () => {
      const { data } = await call(getEndpoint, { params: { id } })
      return data.allowedGroupIds.length === 0 ? data : undefined
    })
    expect(endpoint).toMatchObject({ groupId: null, accessType: 'group', allowedGroupIds: [] })
  })
})

describe('a long list of endpoints', () => {
  it('is walked by cursor from the own to those of the product, each once, and a made-up cursor is refused', async () => {
    const whole = (await call(listEndpoints, { query: { limit: 500 } })).data
    const walked: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer: { data: { id: string }[]; next_cursor: string | null } = await call(listEndpoints, {
        query: { limit: 37, ...(cursor !== '' && { cursor }) },
      })
      walked.push(...answer.data.map(({ id }) => id))
      cursor = answer.next_cursor
    }
    const system = (await call(listEndpoints, { query: { limit: 1, system: 'true' } })).meta.total
    expect(walked.slice(0, whole.length)).toEqual(whole.map(({ id }) => id))
    expect(new Set(walked).size).toBe(walked.length)
    expect(walked.length).toBeGreaterThan(system)
    for (const query of [{ cursor: 'nonsense' }, { cursor: 'WyJhIl0' }, { cursor: 'WzFd', page: 2 }])
      await expect(call(listEndpoints, { query })).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('and its versions are walked by cursor, newest first', async () => {
    const { id } = await define(freshPath(), 'POST', [{ name: 'a', type: 'string' }])
    const names = ['b', 'c', 'd', 'e']
    for (const name of names)
      await call(updateEndpoint, {
        params: { id },
        body: { schema: [{ name, type: 'string' }], confirm: true },
      })
    const walked: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer: { data: { version: number }[]; next_cursor: string | null } = await call(
        listEndpointVersions,
        { params: { id }, query: { limit: 2, ...(cursor !== '' && { cursor }) } },
      )
      walked.push(...answer.data.map(({ version }) => version))
      cursor = answer.next_cursor
    }
    expect(walked).toEqual([5, 4, 3, 2, 1])
    await expect(
      call(listEndpointVersions, { params: { id }, query: { cursor: 'x' } }),
    ).rejects.toMatchObject({ code: 'request.invalid' })
  })
})

describe('a group that is gone and still stands in the rules of a field', () => {
  it('leaves the schemas of its path to be saved, moved and restored, and opens nothing', async () => {
    const group = (await call(createGroup, { body: { name: 'Passing readers', permissions: [] } })).data
    const path = freshPath()
    const secret = { name: 'secret', type: 'string' as const, readGroupIds: [group.id] }
    const { id } = await define(path, 'POST', [{ name: 'title', type: 'string' }, secret])
    const sibling = await define(path, 'GET', [{ name: 'title', type: 'string' }])
    await call(deleteGroup, { params: { id: group.id } })
    const change = async (endpointId: string, schema: FieldRequest[], more: object = {}) =>
      (await call(updateEndpoint, { params: { id: endpointId }, body: { schema, confirm: true, ...more } }))
        .data
    await change(sibling.id, [
      { name: 'title', type: 'string' },
      { name: 'size', type: 'number' },
    ])
    await change(id, [{ name: 'title', type: 'string' }])
    const params = { id, version: 1 }
    const { data: restored } = await call(restoreEndpointVersion, { params, body: { confirm: true } })
    expect(restored.schema.find(({ name }) => name === 'secret')?.readGroupIds).toEqual([group.id])
    const moved = await change(id, [{ name: 'title', type: 'string' }, secret], { path: freshPath() })
    expect(moved.schema.find(({ name }) => name === 'secret')?.readGroupIds).toEqual([group.id])
    const other = { ...secret, readGroupIds: ['0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e'] }
    await expect(change(id, [other])).rejects.toMatchObject({ code: 'endpoints.group_unknown' })
  })
})

describe('looking at an endpoint', () => {
  it('examples and docs are made from the schema and never show a hidden field', async () => {
    const path = freshPath()
    const { id } = await define(path, 'POST', [
      { name: 'title', type: 'string', required: true },
      { name: 'internal', type: 'string', hidden: true },
      { name: 'tags', type: 'array', children: [{ name: 'name', type: 'string' }] },
    ])
    const { data: example } = await call(getEndpointExamples, { params: { id } })
    expect(example.request).toMatchObject({
      method: 'POST',
      url: path,
      body: { title: 'Example title', tags: [{ name: 'Example name' }] },
    })
    expect(await send('POST', path, example.request.body)).toMatchObject({ status: 201 })
    const { data: docs } = await call(getEndpointDocs, { params: { id } })
    expect(docs.typescript).toContain('title: string')
    expect(Object.keys(docs.snippets)).toEqual(['curl', 'typescript', 'python'])
    expect(JSON.stringify({ example, docs })).not.toContain('internal')
  })

  it('the tester runs the real endpoint, and network rules only when asked', async () => {
    const path = freshPath()
    const networkAccess = { enabled: true, allowedDomains: [], allowedIpRanges: ['10.0.0.0/8'] }
    const { id } = await define(path, 'POST', [{ name: 'title', type: 'string', required: true }], {
      networkAccess,
    })
    const ask = async (body: object) => (await call(testEndpoint, { params: { id }, body })).data.response
    expect(await ask({ body: { title: 'T' } })).toMatchObject({
      statusCode: 201,
      body: { data: { title: 'T' } },
    })
    expect(await ask({ body: {} })).toMatchObject({
      statusCode: 400,
      body: { error: 'Field "title" is required' },
    })
    const from = (clientIp: string) => ask({ body: { title: 'T' }, clientIp, applyNetworkAccess: true })
    expect((await from('10.1.2.3')).statusCode).toBe(201)
    expect(await from('203.0.113.10')).toMatchObject({
      statusCode: 403,
      body: { error: 'Forbidden: network access denied' },
    })
  })

  it('calls are counted', async () => {
    const path = freshPath()
    const { id } = await define(path, 'GET')
    await send('GET', path)
    await send('GET', path)
    server.clock.advance(2_000)
    const endpoint = await until(async () => {
      const { data } = await call(getEndpoint, { params: { id } })
      return data.callCount > 0 ? data : undefined
    })
    expect(endpoint.callCount).toBe(2)
  })
})
