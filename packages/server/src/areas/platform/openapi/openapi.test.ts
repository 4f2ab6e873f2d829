import { createEndpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { allRoutes } from '@holdfast/contracts/routes'
import { startTestServer, type TestServer } from '@holdfast/testkit/harness'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('the OpenAPI description', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(() => server.stop())

  it('says what requests for records take and what they are answered', async () => {
    const admin = await server.as('superAdmin')
    const fields = [
      { name: 'title', type: 'string' as const, required: true, maxLength: 80 },
      { name: 'tags', type: 'array' as const, children: [{ name: 'item', type: 'string' as const }] },
      { name: 'price', type: 'number' as const, minimum: 0 },
    ]
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      await admin.client.call(createEndpoint, {
        body: { name: `Lamps ${method}`, path: '/api/lamps', method, accessType: 'public', fields },
      })
    }
    const { paths, components } = documentIn(await (await fetch(`${server.url}/api/openapi.json`)).text())
    const operation = (path: string, method: string): Described => paths[path]?.[method] ?? fail(path, method)
    const named = (path: string, method: string) =>
      operation(path, method).parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    const list = operation('/api/lamps', 'get')
    expect(named('/api/lamps', 'get')).toEqual([
      ...['page', 'limit', 'cursor', 'sort', 'search', 'fields'].map((name) => `query ${name}`),
      ...['title', 'tags', 'price', 'id', 'createdAt', 'updatedAt'].map((name) => `query filter[${name}]`),
    ])
    expect(list.parameters.find(({ name }) => name === 'filter[price]')).toMatchObject({
      style: 'deepObject',
      schema: { $ref: '#/components/schemas/RecordNumberFilter' },
    })
    expect(JSON.stringify(list.responses['200'])).toContain('#/components/schemas/RecordListMeta')
    expect(Object.keys(components.schemas.RecordListMeta?.properties ?? {})).toContain('nextCursor')
    expect(Object.keys(paths['/api/lamps/{id}'] ?? {})).toEqual(['get', 'put', 'patch', 'delete'])
    expect(named('/api/lamps/{id}', 'get')).toEqual(['path id', 'query fields', 'header If-None-Match'])
    expect(operation('/api/lamps/{id}', 'get').responses).toHaveProperty('304')
    expect(named('/api/lamps', 'post')).toEqual(['header Idempotency-Key'])
    expect(JSON.stringify(operation('/api/lamps', 'post').requestBody)).toContain('"type":"array"')
    for (const method of ['put', 'patch', 'delete'])
      expect(named('/api/lamps/{id}', method)).toEqual(['path id', 'header If-Match'])
    expect(JSON.stringify(operation('/api/lamps', 'patch').requestBody)).toContain('"items"')
    expect(JSON.stringify(operation('/api/lamps', 'delete').requestBody)).toContain('"ids"')
  })

  it('an endpoint that is defined for one record stands before what comes with the list', async () => {
    const admin = await server.as('superAdmin')
    const define = (name: string, path: string, method: 'GET' | 'PUT') =>
      admin.client.call(createEndpoint, { body: { name, path, method, accessType: 'public' } })
    await define('All', '/api/chairs', 'GET')
    await define('Change', '/api/chairs', 'PUT')
    await define('One', '/api/chairs/:chairId', 'GET')
    await define('Parts', '/api/chairs/:id/parts', 'GET')
    const { paths } = documentIn(await (await fetch(`${server.url}/api/openapi.json`)).text())
    expect(Object.keys(paths).filter((path) => path.startsWith('/api/chairs'))).toEqual([
      '/api/chairs',
      '/api/chairs/{chairId}',
      '/api/chairs/{id}/parts',
      '/api/chairs/{id}/parts/{recordId}',
    ])
    expect(paths['/api/chairs/{chairId}']).toMatchObject({
      get: { summary: 'One' },
      put: { summary: 'Change', parameters: [{ name: 'chairId', in: 'path' }, { name: 'If-Match' }] },
    })
  })

  it('describes every route there is', async () => {
    const paths = describedIn(await (await fetch(`${server.url}/api/openapi.json`)).text())
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      path.startsWith('/api/lamps') || path.startsWith('/api/chairs')
        ? []
        : Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual(allRoutes.map(({ method, path }) => `${method} ${path}`).sort())
  })

  it('changes with the endpoints, and so does its entity tag', async () => {
    const admin = await server.as('superAdmin')
    const read = async () => {
      const answer = await fetch(`${server.url}/api/openapi.json`)
      return { etag: answer.headers.get('etag'), text: await answer.text() }
    }
    const before = await read()
    const { data } = await admin.client.call(createEndpoint, {
      body: { name: 'Bulbs', path: '/api/bulbs', method: 'GET', accessType: 'public' },
    })
    const after = await read()
    expect(describedIn(after.text)['/api/bulbs']).toMatchObject({ get: { summary: 'Bulbs', security: [] } })
    expect(after.etag).not.toBe(before.etag)
    await admin.client.call(updateEndpoint, { params: { id: data.id }, body: { enabled: false } })
    expect((await read()).etag).toBe(before.etag)
  })

  it('tells a reader of the endpoints that would admit them, and whoever may view endpoints of all', async () => {
    const admin = await server.as('superAdmin')
    for (const accessType of ['public', 'authenticated', 'group'] as const) {
      await admin.client.call(createEndpoint, {
        body: { name: accessType, path: `/api/seen/${accessType}`, method: 'GET', accessType },
      })
    }
    const seen = async (headers: Record<string, string>) => {
      const answer = await fetch(`${server.url}/api/openapi.json`, { headers })
      expect(answer.headers.get('vary')).toContain('Authorization')
      return Object.keys(describedIn(await answer.text()))
        .filter((path) => path.startsWith('/api/seen/') && !path.endsWith('{id}'))
        .map((path) => path.slice('/api/seen/'.length))
    }
    expect(await seen({})).toEqual(['public'])
    expect((await seen((await server.as([])).headers)).sort()).toEqual(['authenticated', 'public'])
    expect((await seen((await server.as(['view'])).headers)).sort()).toEqual([
      'authenticated',
      'group',
      'public',
    ])
  })

  it('tells a token of no more endpoints than its scopes open, though its owner has just read of them', async () => {
    const admin = await server.as('superAdmin')
    await admin.client.call(createEndpoint, {
      body: { name: 'Inner', path: '/api/inner', method: 'GET', accessType: 'authenticated' },
    })
    const owner = await server.as(['manage_users'])
    const paths = async (headers: Record<string, string>) =>
      Object.keys(
        describedIn(await (await fetch(`${server.url}/api/openapi.json`, { headers })).text()),
      ).filter((path) => path === '/api/inner')
    expect(await paths(owner.headers)).toEqual(['/api/inner'])
    const made = await fetch(`${server.url}/v1/api-tokens`, {
      method: 'POST',
      headers: { ...owner.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Narrow', scopes: ['manage_users'] }),
    })
    const { token } = (await made.json()) as { token: string }
    expect(made.status).toBe(201)
    expect(await paths({ 'x-api-key': token })).toEqual([])
  })

  it('is reached from where the reference has its page', async () => {
    const answer = await fetch(`${server.url}/api/swagger`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/build/reference'])
  })

  it('is not sent again to whoever has it', async () => {
    const first = await fetch(`${server.url}/api/openapi.json`)
    const etag = first.headers.get('etag') ?? ''
    const second = await fetch(`${server.url}/api/openapi.json`, { headers: { 'if-none-match': etag } })
    expect([second.status, await second.text()]).toEqual([304, ''])
    const other = await fetch(`${server.url}/api/openapi.json`, { headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
  })

  // The last one: it looks at all that the others have defined, and keeps the process busy for seconds.
  it('passes the recommended rules of the linter, with the endpoints defined here', async () => {
    const source = await (await fetch(`${server.url}/api/openapi.json`)).text()
    const config = await createConfig({ extends: ['recommended'] })
    const found = await lintFromString({ source, config, absoluteRef: 'openapi.json' })
    const findings = found.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
    )
    expect(findings.filter((finding) => !isSettled(finding))).toEqual([])
  })
})

interface Described {
  parameters: { name: string; in: string; schema?: unknown; style?: string }[]
  requestBody?: unknown
  responses: Record<string, unknown>
}

function documentIn(text: string) {
  return JSON.parse(text) as {
    paths: Record<string, Record<string, Described>>
    components: { schemas: Record<string, { properties?: object }> }
  }
}

function fail(path: string, method: string): never {
  throw new Error(`${method} ${path} is not described.`)
}

function describedIn(text: string) {
  return (JSON.parse(text) as { paths: Record<string, object> }).paths
}

function isSettled(finding: string): boolean {
  return (
    // Reference 000 fixes both families of paths. They do not meet: `groups` is the id of no endpoint.
    (finding.startsWith('no-ambiguous-paths') &&
      finding.includes('`/api/endpoints/groups/{id}` and `/api/endpoints/{id}/')) ||
    // References 001 and 003 fix these two. An id of a backup is never `history`.
    (finding.startsWith('no-ambiguous-paths') &&
      finding.includes('`/api/config/backups/{backupId}` and `/api/config/{key}/')) ||
    // A browser that is sent elsewhere has succeeded.
    (finding.startsWith('operation-2xx-response') && redirects.some((place) => finding.includes(place))) ||
    // Keys of a record may be required without being written out as properties.
    (finding.startsWith('no-required-schema-properties-undefined') && finding.includes('/properties/tiers/'))
  )
}

/** Where the description has the routes whose only success is a redirect. */
const redirects = allRoutes
  .filter(({ answers }) => Object.keys(answers).every((status) => status.startsWith('3')))
  .map(({ path, method }) => `/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}/`)
