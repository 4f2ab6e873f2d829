import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

describe('a tenant', () => {
  it('says what it has and which revision that is', async () => {
    const { ask, makeService, revision, tenantId } = await createTenantHarness()
    await makeService()
    const { body } = await ask('GET', '')
    expect(body).toMatchObject({
      id: tenantId,
      counts: { services: 1, routes: 0, consumers: 0 },
      lastSeen: null,
    })
    expect(body.gatewayConfigVersion).toBe(await revision())
  })

  it('its settings reach the gateways in one revision, and the same again raises none', async () => {
    const { ask, sent, revision } = await createTenantHarness()
    const before = await revision()
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 7 })).status).toBe(200)
    expect(await sent('settings')).toMatchObject([{ anonymousPerMinute: 7 }])
    expect(await revision()).toBe(before + 1)
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 7 })).status).toBe(200)
    expect(await revision()).toBe(before + 1)
  })

  it('a limit that makes no sense is refused and changes nothing', async () => {
    const { ask, revision } = await createTenantHarness()
    const before = await revision()
    expect((await ask('PATCH', '/settings', { anonymousPerMinute: 0 })).status).toBe(400)
    expect(await revision()).toBe(before)
  })
})
