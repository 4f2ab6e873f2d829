import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

const targetUrl = 'http://127.0.0.1:9000'
const document = {
  services: [
    { name: 'Shop', targetUrl },
    { name: 'Users', targets: [{ url: targetUrl, weight: 2 }], timeoutMs: 500 },
  ],
  routes: [
    { method: 'GET', pathPattern: '/shop', service: 'Shop' },
    { method: 'ANY', pathPattern: '/users/:id', service: 'Users', authRequired: true },
  ],
  consumers: [{ name: 'App', rateLimitTier: 'premium' }],
  settings: { tiers: { free: 9 } },
}

describe('applying a document', () => {
  it('makes everything in one revision, and nothing when it is applied again', async () => {
    const { ask, revision, sent } = await createTenantHarness()
    const before = await revision()
    const { status, body } = await ask('POST', '/apply', document)
    expect([status, body.revision]).toEqual([200, before + 1])
    expect(
      body.differences.map(({ action, kind, name }: Record<string, string>) => `${action} ${kind} ${name}`),
    ).toEqual([
      'create service Shop',
      'create service Users',
      'create route GET /shop',
      'create route ANY /users/:id',
      'create consumer App',
      'update settings settings',
    ])
    expect(body.consumers).toMatchObject([{ name: 'App', apiKey: expect.stringMatching(/^gw_/) }])
    const services = (await ask('GET', '/services')).body
    expect(await sent('route')).toMatchObject([
      { pathPattern: '/shop', serviceId: services[0].id },
      { pathPattern: '/users/:id', serviceId: services[1].id, authRequired: true },
    ])
    expect((await ask('GET', '/settings')).body.tiers).toMatchObject({ free: 9, authenticated: 500 })
    const again = await ask('POST', '/apply', document)
    expect(again.body).toMatchObject({ differences: [], consumers: [], revision: before + 1 })
  })

  it('a dry run says what would be and leaves nothing behind', async () => {
    const { server, ask, revision } = await createTenantHarness()
    const before = await revision()
    const traces = async () => [
      (await server.database.kysely.selectFrom('audit_entries').select('id').execute()).length,
      (await server.database.kysely.selectFrom('events').select('id').execute()).length,
    ]
    const tracesBefore = await traces()
    const { body } = await ask('POST', '/apply?dryRun=true', document)
    expect(body).toMatchObject({ dryRun: true, revision: before, consumers: [] })
    expect(body.differences).toHaveLength(6)
    expect([await revision(), await traces(), (await ask('GET', '/services')).body]).toEqual([
      before,
      tracesBefore,
      [],
    ])
  })

  it('alters what differs, takes away what is left out, and leaves alone the lists that are not there', async () => {
    const { ask, sent } = await createTenantHarness()
    await ask('POST', '/apply', document)
    const { body } = await ask('POST', '/apply', {
      services: [{ name: 'Shop', targetUrl, timeoutMs: 700 }],
      routes: [
        { method: 'GET', pathPattern: '/shop', service: 'Shop', retries: 2 },
        { method: 'ANY', pathPattern: '/users/:name', service: 'Shop', authRequired: true },
      ],
    })
    expect(body.differences).toEqual([
      { action: 'update', kind: 'service', name: 'Shop', fields: ['timeoutMs'] },
      { action: 'delete', kind: 'service', name: 'Users', fields: [] },
      { action: 'update', kind: 'route', name: 'GET /shop', fields: ['retries'] },
      { action: 'update', kind: 'route', name: 'ANY /users/:name', fields: ['pathPattern', 'service'] },
    ])
    expect((await ask('GET', '/consumers')).body).toHaveLength(1)
    const [shop] = (await ask('GET', '/services')).body
    expect(await sent('route')).toMatchObject([
      { pathPattern: '/shop', retries: 2, serviceId: shop.id },
      { pathPattern: '/users/:name', serviceId: shop.id },
    ])
    const { id } = await ask('GET', '').then((answer) => answer.body)
    expect((await ask('GET', '')).body).toMatchObject({
      id,
      counts: { services: 1, routes: 2, consumers: 1 },
    })
  })

  it('a mistake anywhere changes nothing, and each is pointed at', async () => {
    const { ask, revision } = await createTenantHarness()
    const before = await revision()
    const { status, body } = await ask('POST', '/apply', {
      services: [...document.services, { name: 'Shop', targetUrl }],
      routes: [
        ...document.routes,
        { method: 'GET', pathPattern: '/shop/', service: 'Shop' },
        { method: 'GET', pathPattern: '/b', service: 'Nobody' },
      ],
    })
    expect([status, body.code]).toEqual([400, 'gateway.document_invalid'])
    expect(body.details.map(({ path }: { path: string }) => path)).toEqual([
      'body.services.2',
      'body.routes.2',
      'body.routes.3.service',
    ])
    expect([await revision(), (await ask('GET', '/services')).body]).toEqual([before, []])
  })

  it('ten thousand routes are applied in one revision, and one more change stays small', async () => {
    const { ask, revision, server, tenantId } = await createTenantHarness()
    const before = await revision()
    const routes = Array.from({ length: 10_000 }, (_, index) => ({
      method: 'GET',
      pathPattern: `/r${index}/:id`,
      service: 'Shop',
    }))
    const { status } = await ask('POST', '/apply', { services: [{ name: 'Shop', targetUrl }], routes })
    expect([status, await revision()]).toEqual([200, before + 1])
    const [route] = (await ask('GET', '/routes?limit=1')).body
    await ask('PATCH', `/routes/${route.id}`, { retries: 1 })
    const rows = await server.database.tenant({ organizationId: tenantId }, ({ tx }) =>
      tx.selectFrom('gateway_changes').select(['entries', 'size_bytes']).orderBy('revision').execute(),
    )
    expect(rows.at(-2)?.entries).toBeNull()
    expect(rows.at(-1)?.size_bytes).toBeLessThan(1_500)
  })
})
