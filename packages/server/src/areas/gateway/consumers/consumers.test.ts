import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'

describe('consumers', () => {
  it('the key is shown once, kept as a hash and sent as a hash', async () => {
    const { server, ask, sent, tenantId } = await createTenantHarness()
    const { status, body } = await ask('POST', '/consumers', { name: 'App' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'App', rateLimitTier: 'authenticated', revokedAt: null })
    expect(body.apiKey).toMatch(new RegExp(`^gw_${tenantId}_[0-9a-f]{32}$`))
    const keyHash = createHash('sha256').update(body.apiKey).digest('hex')
    expect(await sent('consumer')).toEqual([
      { id: body.id, name: 'App', keyHash, rateLimitTier: 'authenticated' },
    ])
    const listed = await ask('GET', '/consumers')
    const { apiKey: _, ...shown } = body
    expect(listed.body).toEqual([shown])
    const stored = await server.database.tenant({ organizationId: tenantId }, async ({ tx }) =>
      JSON.stringify([
        await tx.selectFrom('gateway_consumers').selectAll().execute(),
        await tx.selectFrom('gateway_changes').selectAll().execute(),
        await tx.selectFrom('audit_entries').selectAll().execute(),
        await tx.selectFrom('events').selectAll().execute(),
      ]),
    )
    expect(stored).not.toContain(body.apiKey)
  })

  it('a revoked one is gone from the list and from the gateways, for good', async () => {
    const { ask, sent } = await createTenantHarness()
    const { body } = await ask('POST', '/consumers', { name: 'App', rateLimitTier: 'premium' })
    await ask('PATCH', `/consumers/${body.id}`, { rateLimitTier: 'free' })
    expect(await sent('consumer')).toMatchObject([{ rateLimitTier: 'free' }])
    expect((await ask('DELETE', `/consumers/${body.id}`)).status).toBe(204)
    expect([await sent('consumer'), (await ask('GET', '/consumers')).body]).toEqual([[], []])
    expect((await ask('PATCH', `/consumers/${body.id}`, { name: 'Back' })).status).toBe(404)
    expect((await ask('DELETE', `/consumers/${body.id}`)).status).toBe(404)
  })

  it('an unknown tier is refused', async () => {
    const { ask, revision } = await createTenantHarness()
    const before = await revision()
    expect((await ask('POST', '/consumers', { name: 'App', rateLimitTier: 'gold' })).status).toBe(400)
    expect(await revision()).toBe(before)
  })
})
