import { until } from '@holdfast/testkit/until'
import { describe, expect, it } from 'vitest'
import { systemContext } from '../../../context.ts'
import { createTenantHarness } from '../testing.ts'

const ctx = systemContext('test')

describe('gateway keys', () => {
  it('a key is recognized as its tenant’s, from the moment it is made until it is revoked', async () => {
    const { ask, server, tenantId } = await createTenantHarness()
    const { keys } = server.gateway
    const { status, body } = await ask('POST', '/keys', { label: 'Berlin' })
    expect(status).toBe(201)
    const known = { id: body.id, organizationId: tenantId, expiresAt: null }
    expect(await keys.recognize(ctx, body.gatewayApiKey)).toEqual(known)
    expect((await ask('GET', '/keys')).body).toMatchObject([
      { label: 'Berlin', lastUsedAt: expect.any(String) },
    ])
    expect(JSON.stringify((await ask('GET', '/keys')).body)).not.toContain(body.gatewayApiKey)
    const told: (string | null)[] = []
    keys.subscribe((organizationId) => void told.push(organizationId))
    expect((await ask('DELETE', `/keys/${body.id}`)).status).toBe(204)
    expect(await keys.recognize(ctx, body.gatewayApiKey)).toBeNull()
    expect(await keys.endOf(ctx, known)).toBeUndefined()
    await until(() => told.length > 0)
    expect(told).toEqual([tenantId])
  })

  it('a key with a wrong end, or of another kind, is worth nothing', async () => {
    const { ask, server } = await createTenantHarness()
    const { body } = await ask('POST', '/keys', { label: 'Berlin' })
    const key: string = body.gatewayApiKey
    for (const wrong of [
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      key.slice(0, 20),
      'hfg_',
      'x',
      '',
    ])
      expect(await server.gateway.keys.recognize(ctx, wrong)).toBeNull()
  })

  it('after a rotation both work, until the overlap is over', async () => {
    const { ask, server, tenantId } = await createTenantHarness()
    const { keys } = server.gateway
    const old = (await ask('POST', '/keys', { label: 'Berlin' })).body
    const { status, body } = await ask('POST', `/keys/${old.id}/rotate`, { overlapSeconds: 60 })
    expect([status, body.label]).toEqual([201, 'Berlin'])
    expect(await keys.recognize(ctx, old.gatewayApiKey)).toMatchObject({ expiresAt: expect.any(String) })
    expect(await keys.endOf(ctx, { id: body.id, organizationId: tenantId })).toBeNull()
    server.clock.advance(60_000)
    expect(await keys.recognize(ctx, old.gatewayApiKey)).toBeNull()
    expect(await keys.recognize(ctx, body.gatewayApiKey)).not.toBeNull()
    expect((await ask('GET', '/keys')).body).toMatchObject([{ id: body.id }])
    expect((await ask('POST', `/keys/${old.id}/rotate`, {})).status).toBe(404)
  })

  it('rotate-key puts one key in the place of all, at once when there is no overlap', async () => {
    const { ask, server } = await createTenantHarness()
    const old = [
      (await ask('POST', '/keys', { label: 'A' })).body,
      (await ask('POST', '/keys', { label: 'B' })).body,
    ]
    const { body } = await ask('POST', '/rotate-key', { overlapSeconds: 0 })
    for (const { gatewayApiKey } of old)
      expect(await server.gateway.keys.recognize(ctx, gatewayApiKey)).toBeNull()
    expect(await server.gateway.keys.recognize(ctx, body.gatewayApiKey)).not.toBeNull()
    // A client of the reference sends no body at all.
    expect((await ask('POST', '/rotate-key')).status).toBe(201)
  })
})
