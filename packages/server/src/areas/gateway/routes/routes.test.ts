import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

describe('gateway routes', () => {
  it('take what the reference names, and answer every field', async () => {
    const { ask, makeService, sent, tenantId } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    const { status, body } = await ask('POST', '/routes', {
      method: 'GET',
      pathPattern: '/users/',
      serviceId,
      authRequired: true,
      rateLimitOverride: 5,
    })
    expect([status, body]).toMatchObject([
      201,
      {
        tenantId,
        method: 'GET',
        pathPattern: '/users',
        serviceId,
        authRequired: true,
        rateLimitOverride: 5,
        enabled: true,
        deletedAt: null,
        host: null,
      },
    ])
    expect(await sent('route')).toMatchObject([{ id: body.id, rateLimitOverride: 5, retries: 0 }])
  })

  it('one that is switched off is not sent, and one that changes nothing raises no revision', async () => {
    const { ask, makeService, sent, revision } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    const cors = { origins: ['https://a.example.com'], credentials: true }
    const { body } = await ask('POST', '/routes', { method: 'ANY', pathPattern: '/', serviceId, cors })
    const before = await revision()
    expect((await ask('PUT', `/routes/${body.id}`, body)).status).toBe(200)
    expect(await revision()).toBe(before)
    await ask('PUT', `/routes/${body.id}`, { enabled: false })
    expect([await sent('route'), await revision()]).toEqual([[], before + 1])
    await ask('PUT', `/routes/${body.id}`, { enabled: true })
    expect(await sent('route')).toHaveLength(1)
  })

  it('no two answer the same requests, until one is deleted', async () => {
    const { ask, makeService } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    const route = { method: 'GET', pathPattern: '/users/:id', serviceId }
    const first = await ask('POST', '/routes', route)
    const twin = await ask('POST', '/routes', { ...route, pathPattern: '/users/:name' })
    expect([twin.status, twin.body.code]).toEqual([409, 'gateway_routes.duplicate'])
    for (const other of [{ method: 'POST' }, { host: 'api.example.com' }, { pathPattern: '/users/*' }])
      expect((await ask('POST', '/routes', { ...route, ...other })).status).toBe(201)
    await ask('DELETE', `/routes/${first.body.id}`)
    expect((await ask('POST', '/routes', route)).status).toBe(201)
  })

  it('the service of another tenant does not exist', async () => {
    const { server, ask, makeService, revision } = await createTenantHarness()
    const stranger = await server.as('superAdmin')
    const foreign = await fetch(`${server.url}/api/tenants/${stranger.tenantId}/services`, {
      method: 'POST',
      headers: { ...stranger.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Theirs', targetUrl: 'http://127.0.0.1:1' }),
    })
    const { id: serviceId } = (await foreign.json()) as { id: string }
    const own = await makeService()
    const route = await ask('POST', '/routes', { method: 'GET', pathPattern: '/a', serviceId: own.id })
    const before = await revision()
    for (const [method, path, body] of [
      ['POST', '/routes', { method: 'GET', pathPattern: '/b', serviceId }],
      ['PATCH', `/routes/${route.body.id}`, { serviceId }],
    ] as const)
      expect((await ask(method, path, body)).body.code).toBe('gateway_services.not_found')
    expect(await revision()).toBe(before)
  })

  it('what a gateway could not use is refused', async () => {
    const { ask, makeService } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    const route = { method: 'GET', pathPattern: '/a', serviceId }
    for (const wrong of [
      { addresses: { allow: ['10.0.0.0/40'] } },
      { addresses: { deny: ['example.com'] } },
      { requestHeaders: { set: { 'Content-Length': '5' } } },
      { responseHeaders: { remove: ['transfer-encoding'] } },
      { requestHeaders: { set: { 'x-a': 'a\r\nx-b: c' } } },
      { host: 'Api.example.com:80' },
      { cors: { origins: ['*'], credentials: true } },
    ])
      expect([wrong, (await ask('POST', '/routes', { ...route, ...wrong })).status]).toEqual([wrong, 400])
  })
})
