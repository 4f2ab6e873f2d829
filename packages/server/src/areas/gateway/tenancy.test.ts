import { until } from '@holdfast/testkit/until'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createModelGateway } from './link/fixtures.ts'
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
  'gateways',
  'gateway_request_logs',
  'gateway_error_events',
  'gateway_metrics',
  'gateway_consumer_hours',
  'gateway_consumer_ten_minutes',
  'gateway_health_checks',
  'gateway_telemetry_positions',
] as const

/** Every table that names an organization and belongs to the gateway, partitions left out. */
const tablesOfTenants = sql<{ name: string }>`
  select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
  where relkind in ('r', 'p') and not relispartition and relname like 'gateway%' and attname = 'organization_id'`

/** A gateway reports one of everything. */
async function report(options: {
  url: string
  apiKey: string
  at: string
  serviceId: string
  consumerId: string
}) {
  const { url, apiKey, at, serviceId, consumerId } = options
  const gateway = createModelGateway({ url, apiKey })
  await gateway.connect()
  const id = '019b0000-0000-7000-8000-000000000001'
  const request = {
    id,
    at,
    requestId: 'r',
    path: '/a',
    statusCode: 504,
    serviceId,
    errorCode: 'DOWNSTREAM_TIMEOUT',
  }
  gateway.report({
    sequence: 1,
    logs: [
      {
        ...request,
        routeId: null,
        consumerId,
        userId: null,
        method: 'GET',
        responseTimeMs: 1,
        downstreamLatencyMs: null,
        clientIp: '203.0.113.7',
        userAgent: null,
      },
    ],
    errors: [{ ...request, message: 'The service did not answer in time.' }],
    health: [{ serviceId, status: 'healthy', latencyMs: 1, checkedAt: at, errorMessage: null }],
    metrics: [{ at, requests: 1, errors: 1, refused: 0, latency: { 1: 1 }, consumers: { [consumerId]: 1 } }],
  })
  await until(() => gateway.telemetryAcks.includes(1))
}

describe('row-level security of the gateway', () => {
  it('what one tenant has is not there for another, nor for who is none', async () => {
    const { server, ask, makeService, tenantId } = await createTenantHarness()
    const { id: serviceId } = await makeService()
    await ask('POST', '/routes', { method: 'GET', pathPattern: '/a', serviceId })
    const consumer = await ask('POST', '/consumers', { name: 'App' })
    const key = await ask('POST', '/keys', { label: 'Key' })
    await ask('PUT', '/settings', { anonymousPerMinute: 5 })
    const at = server.clock.now().toISOString()
    await report({
      url: server.url,
      apiKey: key.body.gatewayApiKey,
      at,
      serviceId,
      consumerId: consumer.body.id,
    })
    const { tenantId: other } = await server.as('user')
    const count = (organizationId: string, table: string) =>
      server.database.tenant({ organizationId }, async ({ tx }) => {
        const { rows } = await sql<{ n: number }>`
          select count(*) as n from ${sql.table(table)} where organization_id = ${tenantId}
        `.execute(tx)
        return Number(rows[0]?.n)
      })
    const { rows: known } = await tablesOfTenants.execute(server.database.kysely)
    expect(known.map(({ name }) => name).toSorted()).toEqual([...tables].toSorted())
    for (const table of tables) {
      expect([table, await count(tenantId, table)]).not.toEqual([table, 0])
      expect([table, await count(other, table)]).toEqual([table, 0])
      const { rows } = await sql`select 1 from ${sql.table(table)}`.execute(server.database.kysely)
      expect([table, rows]).toEqual([table, []])
    }
    // The policy of the whole holds through the whole alone: a partition asked by its name shows nothing to anybody.
    for (const table of ['gateway_request_logs', 'gateway_error_events']) {
      const partition = `${table}_${at.slice(0, 10).replaceAll('-', '')}`
      for (const organizationId of [tenantId, other])
        expect([partition, await count(organizationId, partition)]).toEqual([partition, 0])
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
