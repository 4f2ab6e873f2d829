import { createEndpoint, deleteEndpoint, updateEndpoint } from '@holdfast/contracts/builder/endpoints'
import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

async function createHarness() {
  const harness = await createTenantHarness(['manage_api'])
  const { client } = await harness.server.as('superAdmin')
  const network = { enabled: true, allowedDomains: [], allowedIpRanges: ['10.0.0.0/8'] }
  const { data: endpoint } = await client.call(createEndpoint, {
    body: {
      name: 'Products',
      path: '/api/products',
      method: 'GET',
      accessType: 'authenticated',
      networkAccess: network,
    },
  })
  const publish = () => harness.ask('POST', '/publish', { endpointId: endpoint.id })
  return { ...harness, admin: client, endpoint, publish }
}

describe('publishing an endpoint', () => {
  it('makes a route with its method, path and access rules, to a service that is this server', async () => {
    const { server, ask, publish, endpoint, sent } = await createHarness()
    const { status, body } = await publish()
    expect([status, body]).toMatchObject([
      201,
      {
        endpointId: endpoint.id,
        method: 'GET',
        pathPattern: '/api/products',
        pathMatch: 'record',
        authRequired: true,
        addresses: { allow: ['10.0.0.0/8'], deny: [] },
      },
    ])
    expect((await ask('GET', '/services')).body).toMatchObject([
      { id: body.serviceId, targetUrl: server.url, healthCheckPath: '/health', isPlatform: true },
    ])
    expect(await sent('service')).toMatchObject([{ id: body.serviceId, isPlatform: true }])
    expect(await sent('route')).toMatchObject([{ id: body.id }])
    const again = await publish()
    expect(again.body).toMatchObject({ id: body.id, serviceId: body.serviceId })
    expect((await ask('GET', '')).body.counts).toMatchObject({ services: 1, routes: 1 })
  })

  it('needs the right to change the API: network rules rest on who publishes', async () => {
    const { ask, revision, server } = await createTenantHarness(['view'])
    const { client } = await server.as('superAdmin')
    const { data } = await client.call(createEndpoint, {
      body: { name: 'Products', path: '/api/products', method: 'GET' },
    })
    const before = await revision()
    expect((await ask('POST', '/publish', { endpointId: data.id })).status).toBe(403)
    expect(await revision()).toBe(before)
  })

  it('the service that is this server keeps its address, however somebody tries to change it', async () => {
    const { ask, publish, server, revision } = await createHarness()
    const { serviceId } = (await publish()).body
    const before = await revision()
    const [service] = (await ask('GET', '/services')).body
    const elsewhere = 'http://127.0.0.1:9000'
    const changed = await ask('PATCH', `/services/${serviceId}`, { targetUrl: elsewhere })
    expect([changed.status, changed.body.code]).toEqual([409, 'gateway_services.targets_fixed'])
    const document = { services: [{ name: service.name, targetUrl: elsewhere }] }
    expect((await ask('POST', '/apply', document)).status).toBe(400)
    expect(await revision()).toBe(before)
    expect((await ask('PATCH', `/services/${serviceId}`, { ...service, timeoutMs: 500 })).body).toMatchObject(
      {
        timeoutMs: 500,
        targetUrl: server.url,
        isPlatform: true,
      },
    )
  })

  it('a service that only has its name is not taken for this server', async () => {
    const { ask, publish, makeService, sent } = await createHarness()
    const own = await makeService('This server')
    const { serviceId } = (await publish()).body
    expect(serviceId).not.toBe(own.id)
    const platform = (await sent('service')).filter(({ isPlatform }) => isPlatform === true)
    expect(platform.map(({ id }) => id)).toEqual([serviceId])
    expect((await ask('GET', `/services/${own.id}`)).body.isPlatform).toBe(false)
  })

  it.each([
    ['GET', '/api/products/:id', 'exact'],
    ['POST', '/api/products', 'exact'],
    ['DELETE', '/api/products', 'record'],
  ] as const)('%s %s takes %s: nothing that nobody published', async (method, path, pathMatch) => {
    const { ask, admin, sent } = await createHarness()
    const { data } = await admin.call(createEndpoint, { body: { name: 'Another', path, method } })
    expect((await ask('POST', '/publish', { endpointId: data.id })).status).toBe(201)
    expect(await sent('route')).toMatchObject([{ method, pathPattern: path, pathMatch }])
  })

  it('follows the endpoint, and goes with it', async () => {
    const { admin, endpoint, publish, sent, server } = await createHarness()
    await publish()
    const params = { id: endpoint.id }
    await admin.call(updateEndpoint, { params, body: { accessType: 'public', path: '/api/wares' } })
    await until(async () => (await sent('route'))[0]?.authRequired === false)
    expect(await sent('route')).toMatchObject([{ pathPattern: '/api/wares' }])
    await admin.call(updateEndpoint, { params, body: { enabled: false } })
    await until(async () => (await sent('route')).length === 0)
    await admin.call(updateEndpoint, { params, body: { enabled: true } })
    await until(async () => (await sent('route')).length === 1)
    await admin.call(deleteEndpoint, { params, query: {} })
    await until(async () => (await sent('route')).length === 0)
    const { rows } = await server.database.pool.query(
      `select action from audit_entries where actor_kind = 'system' and action like 'gateway.%' order by id`,
    )
    expect(rows.map(({ action }) => action)).toEqual([
      ...Array.from({ length: 3 }, () => 'gateway.route_updated'),
      'gateway.route_deleted',
    ])
  })

  it('applying a document leaves it alone', async () => {
    const { ask, publish } = await createHarness()
    await publish()
    const { body } = await ask('POST', '/apply', { services: [], routes: [] })
    expect(body.differences).toEqual([])
    expect((await ask('GET', '/routes')).body).toHaveLength(1)
  })

  it('ends when somebody takes it off', async () => {
    const { ask, publish, endpoint, sent } = await createHarness()
    await publish()
    expect((await ask('DELETE', `/publish/${endpoint.id}`)).status).toBe(204)
    expect(await sent('route')).toEqual([])
    expect((await ask('DELETE', `/publish/${endpoint.id}`)).status).toBe(404)
  })
})
