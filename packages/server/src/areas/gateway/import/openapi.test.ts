import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'
import { OpenApiMistake, readOpenApi } from './openapi.ts'

const yaml = `
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers:
  - url: https://{host}/v1/
    variables: { host: { default: pets.example.com } }
security: [{ key: [] }]
paths:
  /pets:
    get: { security: [] }
    post: {}
  /pets/{petId}:
    parameters: [{ name: petId, in: path }]
    get: { security: [{ key: [] }, {}] }
    delete: {}
`

describe('reading OpenAPI', () => {
  const document = (more: object) => ({ openapi: '3.1.0', info: { title: 'A' }, ...more })

  it('a path item that is referred to is read where it is', () => {
    const read = readOpenApi(
      document({
        paths: { '/a': { $ref: '#/components/pathItems/x~1y' }, '/b': { $ref: 'other.yaml' } },
        components: { pathItems: { 'x/y': { get: {} } } },
      }),
    )
    expect(read.operations).toEqual([{ method: 'GET', pathPattern: '/a', authRequired: false }])
    expect(read.warnings).toEqual([expect.stringContaining('/b is left out')])
  })

  it('what the gateway cannot match is said', () => {
    const read = readOpenApi(
      document({
        paths: {
          '/files/{name}.json': { get: {} },
          '/a?b': { get: {} },
          '/{x}': { get: {} },
          '/{y}': { get: {} },
        },
      }),
    )
    expect(read.operations.map(({ pathPattern }) => pathPattern)).toEqual(['/files/:name', '/:x'])
    expect(read.warnings).toHaveLength(3)
  })

  it.each([null, [], 'text', {}, { swagger: '2.0' }, { openapi: '4.0.0' }, { openapi: 3 }])(
    '%j is none',
    (value) => {
      expect(() => readOpenApi(value)).toThrow(OpenApiMistake)
    },
  )
})

describe('importing OpenAPI', () => {
  it('makes one service and a route for each path and method, and nothing when it is repeated', async () => {
    const { ask } = await createTenantHarness()
    const { status, body } = await ask('POST', '/import/openapi', { document: yaml })
    expect([status, body.warnings]).toEqual([200, []])
    const [service] = (await ask('GET', '/services')).body
    expect(service).toMatchObject({ name: 'Pets', targetUrl: 'https://pets.example.com/v1' })
    const routes = (await ask('GET', '/routes')).body
    expect(
      routes.map((route: Record<string, unknown>) => [route.method, route.pathPattern, route.authRequired]),
    ).toEqual([
      ['GET', '/pets', false],
      ['POST', '/pets', true],
      ['GET', '/pets/:petId', false],
      ['DELETE', '/pets/:petId', true],
    ])
    // What somebody has set since stays.
    await ask('PATCH', `/routes/${routes[0].id}`, { authRequired: true })
    await ask('PATCH', `/services/${service.id}`, {
      targets: [{ url: 'https://pets.example.com/v1' }, { url: 'https://more-pets.example.com/v1' }],
      circuitBreaker: { failures: 3, openMs: 5_000 },
    })
    const again = await ask('POST', '/import/openapi', { document: yaml })
    expect(again.body.differences).toEqual([])
  })

  it('an address that is typed for a service that is there already is not used, and that is said', async () => {
    const { ask } = await createTenantHarness()
    await ask('POST', '/import/openapi', { document: yaml })
    const again = (targetUrl: string, query = '') =>
      ask('POST', `/import/openapi${query}`, { document: yaml, targetUrl })
    const elsewhere = 'https://new-pets.example.com'
    for (const query of ['?dryRun=true', '']) {
      const { body } = await again(elsewhere, query)
      expect(body.differences).toEqual([])
      expect(body.warnings).toEqual([expect.stringContaining(`the address ${elsewhere} is not used`)])
    }
    expect((await ask('GET', '/services')).body).toMatchObject([{ targetUrl: 'https://pets.example.com/v1' }])
    expect((await again('https://pets.example.com/v1')).body.warnings).toEqual([])
  })

  it('needs to know where the service is', async () => {
    const { ask, revision } = await createTenantHarness()
    const before = await revision()
    const document = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'A' },
      servers: [{ url: '/v1' }],
      paths: {},
    })
    expect((await ask('POST', '/import/openapi', { document })).body).toMatchObject({
      code: 'gateway.document_invalid',
      details: [{ path: 'body.targetUrl' }],
    })
    expect(await revision()).toBe(before)
    const given = await ask('POST', '/import/openapi', { document, targetUrl: 'http://127.0.0.1:9000' })
    expect(given.status).toBe(200)
  })

  it('a dry run only tells', async () => {
    const { ask } = await createTenantHarness()
    const { body } = await ask('POST', '/import/openapi?dryRun=true', { document: yaml })
    expect([body.dryRun, body.differences.length, (await ask('GET', '/services')).body]).toEqual([
      true,
      5,
      [],
    ])
  })

  it.each([
    ['{"openapi": ', 'neither JSON nor YAML'],
    ['a: [', 'neither JSON nor YAML'],
    ['swagger: "2.0"', 'must say 3.0 or 3.1'],
  ])('%s is refused', async (document, sentence) => {
    const { ask } = await createTenantHarness()
    const { status, body } = await ask('POST', '/import/openapi', { document })
    expect([status, body.error]).toEqual([400, expect.stringContaining(sentence)])
  })

  it('a small document that describes an enormous one does no harm', async () => {
    const { ask } = await createTenantHarness()
    const levels = Array.from(
      { length: 40 },
      (_, n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(n === 0 ? 0 : 9)}x]`,
    )
    const document = `openapi: 3.1.0\ninfo: {title: Bomb}\nservers: [{url: "http://127.0.0.1:1"}]\n${levels.join('\n')}\npaths: {/a: {get: *a39}}`
    expect((await ask('POST', '/import/openapi', { document })).status).toBeLessThan(500)
  })
})
