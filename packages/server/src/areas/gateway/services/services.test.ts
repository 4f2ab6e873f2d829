import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

const url = 'http://127.0.0.1:9000'

describe('gateway services', () => {
  it('one address is one target, several are weighted, and the first is the address', async () => {
    const { ask, sent } = await createTenantHarness()
    const one = await ask('POST', '/services', { name: 'Shop', targetUrl: url })
    expect([one.status, one.body]).toMatchObject([
      201,
      { targetUrl: url, targets: [{ url, weight: 1 }], healthCheckPath: '/health', timeoutMs: 10_000 },
    ])
    const targets = [
      { url: 'http://127.0.0.1:9001', weight: 3 },
      { url: 'http://127.0.0.1:9002', weight: 1 },
    ]
    const many = await ask('PATCH', `/services/${one.body.id}`, { targets })
    expect(many.body).toMatchObject({ targetUrl: targets[0]?.url, targets })
    expect(await sent('service')).toMatchObject([{ id: one.body.id, targets }])
  })

  it('a client that sends back what it read, with another address, means the address', async () => {
    const { ask, makeService } = await createTenantHarness()
    const read = await makeService()
    const { body } = await ask('PUT', `/services/${read.id}`, { ...read, targetUrl: 'http://127.0.0.1:9009' })
    expect(body.targets).toEqual([{ url: 'http://127.0.0.1:9009', weight: 1 }])
  })

  it.each(['ftp://host', 'http://user:secret@host', 'http://host/?a=1', 'http://host/#a', 'host', ''])(
    'the address %j is refused',
    async (targetUrl) => {
      const { ask, revision } = await createTenantHarness()
      const before = await revision()
      expect((await ask('POST', '/services', { name: 'Shop', targetUrl })).status).toBe(400)
      expect(await revision()).toBe(before)
    },
  )

  it('a deleted one is gone from lists and gateways, and its routes stay', async () => {
    const { ask, makeService, sent, server, tenantId } = await createTenantHarness()
    const { id } = await makeService()
    const route = await ask('POST', '/routes', { method: 'GET', pathPattern: '/a', serviceId: id })
    const deleted = await ask('DELETE', `/services/${id}`)
    expect([deleted.status, deleted.body]).toEqual([204, undefined])
    expect((await ask('GET', '/services')).body).toEqual([])
    expect((await ask('GET', `/services/${id}`)).status).toBe(404)
    expect((await ask('GET', '/routes')).body).toMatchObject([{ id: route.body.id, serviceId: id }])
    expect([await sent('service'), (await sent('route')).length]).toEqual([[], 1])
    const rows = await server.database.tenant({ organizationId: tenantId }, ({ tx }) =>
      tx.selectFrom('gateway_services').select('deleted_at').execute(),
    )
    expect(rows).toEqual([{ deleted_at: expect.any(String) }])
    // Something else about the route may still change.
    const changed = await ask('PATCH', `/routes/${route.body.id}`, { serviceId: id, authRequired: true })
    expect(changed.status).toBe(200)
  })

  it('lists are whole, or in pages that follow each other, or what is searched for', async () => {
    const { ask, makeService } = await createTenantHarness()
    for (const name of ['One', 'Two', '100%']) await makeService(name)
    const first = await ask('GET', '/services?limit=2')
    expect(first.body.map(({ name }: { name: string }) => name)).toEqual(['One', 'Two'])
    const next = first.headers.get('x-next-cursor')
    const second = await ask('GET', `/services?limit=2&cursor=${next}`)
    expect([second.body, second.headers.get('x-next-cursor')]).toMatchObject([[{ name: '100%' }], null])
    expect((await ask('GET', '/services?search=100%25')).body).toHaveLength(1)
    expect((await ask('GET', '/services')).body).toHaveLength(3)
  })
})
