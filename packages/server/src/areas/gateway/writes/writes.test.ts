import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from '../testing.ts'
import { changedFields, withChange } from './rules.ts'

describe('writes of a tenant', () => {
  it('one change is one revision, one event and one audit entry in the chain of the tenant', async () => {
    const { server, makeService, revision, tenantId } = await createTenantHarness()
    const count = async (table: 'events' | 'audit_entries') => {
      const { rows } = await server.database.pool.query<{ count: string }>(
        table === 'events'
          ? `select count(*) from events where type = 'gateway.service_created'`
          : `select count(*) from audit_entries where chain_id = '${tenantId}'`,
      )
      return Number(rows[0]?.count)
    }
    const before = { revision: await revision(), audit: await count('audit_entries') }
    await makeService()
    expect(await revision()).toBe(before.revision + 1)
    expect(await count('events')).toBe(1)
    expect(await count('audit_entries')).toBe(before.audit + 1)
  })

  it('writers at the same time make revisions without a gap', async () => {
    const { makeService, revision } = await createTenantHarness()
    const before = await revision()
    await Promise.all(Array.from({ length: 12 }, (_, index) => makeService(`Service ${index}`)))
    expect(await revision()).toBe(before + 12)
  })

  it('a refused change raises no revision', async () => {
    const { ask, makeService, revision } = await createTenantHarness()
    const service = await makeService()
    const before = await revision()
    expect((await ask('PATCH', `/services/${service.id}`, { targetUrl: 'ftp://files' })).status).toBe(400)
    expect(await revision()).toBe(before)
  })

  it('a change names exactly the fields that differ', () => {
    const item = fc.record({ name: fc.string(), timeoutMs: fc.nat(), tags: fc.array(fc.string()) })
    fc.assert(
      fc.property(item, fc.record({ name: fc.option(fc.string(), { nil: undefined }) }), (before, change) => {
        const after = withChange(before, change)
        expect(after.name).toBe(change.name ?? before.name)
        expect(changedFields(before, after)).toEqual(after.name === before.name ? [] : ['name'])
      }),
    )
  })
})
