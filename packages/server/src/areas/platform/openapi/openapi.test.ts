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

  it('passes the recommended rules of the linter, with the endpoints defined here', async () => {
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
    const source = await (await fetch(`${server.url}/api/openapi.json`)).text()
    expect(Object.keys(describedIn(source)['/api/lamps/{id}'] ?? {})).toEqual(['put', 'patch', 'delete'])
    const config = await createConfig({ extends: ['recommended'] })
    const found = await lintFromString({ source, config, absoluteRef: 'openapi.json' })
    const findings = found.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`,
    )
    expect(findings.filter((finding) => !isSettled(finding))).toEqual([])
  })

  it('describes every route there is', async () => {
    const paths = describedIn(await (await fetch(`${server.url}/api/openapi.json`)).text())
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      path.startsWith('/api/lamps')
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
        .filter((path) => path.startsWith('/api/seen/'))
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
})

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
