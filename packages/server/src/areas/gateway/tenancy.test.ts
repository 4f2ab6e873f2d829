import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createTenantHarness } from './testing.ts'

const tables = [
  'gateway_services',
  'gateway_routes',
  'gateway_consumers',
  'gateway_settings',
  'gateway_configs',
  'gateway_entities',
  'gateway_changes',
  'gateway_keys',
] as const

describe('row-level security of the gateway', () => {
  it('what one tenant has is not there for another, nor for who is none', async () => {
    const { server, ask, makeService, tenantId } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    await ask('POST', '/routes', { method: 'GET', pathPattern: '/a', serviceId })
    await ask('POST', '/consumers', { name: 'App' })
    await ask('POST', '/keys', { label: 'Key' })
    await ask('PUT', '/settings', { anonymousPerMinute: 5 })
    const { tenantId: other } = await server.as('user')
    const count = (organizationId: string, table: string) =>
      server.database.tenant({ organizationId }, async ({ tx }) => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from ${sql.table(table)} where organization_id = ${tenantId}
        `.execute(tx)
        return rows[0]?.n
      })
    for (const table of tables) {
      expect([table, await count(tenantId, table)]).not.toEqual([table, 0])
      expect([table, await count(other, table)]).toEqual([table, 0])
      const { rows } = await sql`select 1 from ${sql.table(table)}`.execute(server.database.kysely)
      expect([table, rows]).toEqual([table, []])
    }
  })

  it('the questions that come before the tenant is known show one row and allow no writing', async () => {
    const { server, ask, owner } = await createTenantHarness()
    const { body } = await ask('POST', '/keys', { label: 'Key' })
    await ask('POST', '/keys', { label: 'Other' })
    const seen = await server.database.transaction({}, async ({ tx }) => {
      await sql`select set_config('app.gateway_key_prefix', ${body.prefix}, true),
        set_config('app.user_id', ${owner.user.id}, true)`.execute(tx)
      const keys = await tx.selectFrom('gateway_keys').select('id').execute()
      const updated = await tx.updateTable('gateway_keys').set({ label: 'Mine' }).executeTakeFirst()
      const members = await tx.selectFrom('organization_members').select('user_id').execute()
      return { keys, updated: Number(updated.numUpdatedRows), members }
    })
    expect(seen).toEqual({ keys: [{ id: body.id }], updated: 0, members: [{ user_id: owner.user.id }] })
  })

  it('a route cannot point at the service of another tenant, whoever writes it', async () => {
    const { server, ask, makeService } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    const route = await ask('POST', '/routes', { method: 'GET', pathPattern: '/a', serviceId })
    const other = await server.as('user')
    const attempt = server.database.tenant({ organizationId: other.tenantId }, ({ tx }) =>
      tx
        .insertInto('gateway_routes')
        .values({
          id: route.body.id.replace(/.$/, '0').replace(/^./, 'f'),
          organization_id: other.tenantId,
          service_id: serviceId,
          method: 'GET',
          path_pattern: '/a',
          match_key: '/a',
          auth_required: false,
          enabled: true,
          strip_prefix: false,
          retries: 0,
          created_at: server.clock.now().toISOString(),
          updated_at: server.clock.now().toISOString(),
        })
        .execute(),
    )
    await expect(attempt).rejects.toThrow('foreign key')
  })
})
