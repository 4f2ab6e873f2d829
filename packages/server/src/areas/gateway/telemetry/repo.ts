import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import { createDayPartitions } from '../../../day-partitions/repo.ts'
import type { Tables } from '../../../tables.ts'
import type { TelemetryRows } from './rules.ts'
import { slots, tenMinutesKeptMs } from './slots.ts'

export type TelemetryRepo = ReturnType<typeof createTelemetryRepo>

export interface TelemetrySource {
  gatewayId: string
  bootId: string
}

const healthChecksKept = 100
const positionsKeptMs = 7 * 86_400_000
const usageKeptMs = 30 * 86_400_000

/** All SQL that stores what gateways report. Everything runs in the tenant's scope, one statement for each kind. */
export function createTelemetryRepo(database: Database<Tables>) {
  const run = async (ctx: Context, rows: readonly unknown[], statement: ReturnType<typeof sql>) => {
    if (rows.length > 0) await statement.execute(database.of(ctx))
  }
  const json = (rows: readonly unknown[]) => sql`${JSON.stringify(rows)}::jsonb`

  return {
    partitions: [
      createDayPartitions(database, 'gateway_request_logs'),
      createDayPartitions(database, 'gateway_error_events'),
    ],

    /** False when this batch, or a later one of the same process, has been stored. Locks out a second delivery. */
    async advance(ctx: Context, source: TelemetrySource, sequence: number, at: Date): Promise<boolean> {
      const { rows } = await sql`
        insert into gateway_telemetry_positions as known (organization_id, gateway_id, boot_id, sequence, updated_at)
        values (${ctx.organizationId}, ${source.gatewayId}, ${source.bootId}, ${sequence}, ${at.toISOString()})
        on conflict (organization_id, gateway_id, boot_id)
          do update set sequence = excluded.sequence, updated_at = excluded.updated_at
          where known.sequence < excluded.sequence
        returning sequence
      `.execute(database.of(ctx))
      return rows.length > 0
    },

    async insert(ctx: Context, gatewayId: string, rows: TelemetryRows): Promise<void> {
      const { organizationId } = ctx
      await run(
        ctx,
        rows.logs,
        sql`insert into gateway_request_logs (organization_id, at, id, gateway_id, route_id, service_id, consumer_id,
            user_id, method, path, status_code, response_time_ms, downstream_latency_ms, request_id, client_ip, user_agent,
            error_code)
          select ${organizationId}::uuid, at, id, ${gatewayId}::uuid, route_id, service_id, consumer_id, user_id, method,
            path, status_code, response_time_ms, downstream_latency_ms, request_id, client_ip, user_agent, error_code
          from jsonb_to_recordset(${json(rows.logs)}) as log (at timestamptz, id uuid, route_id uuid, service_id uuid,
            consumer_id uuid, user_id uuid, method text, path text, status_code smallint, response_time_ms real,
            downstream_latency_ms real, request_id text, client_ip text, user_agent text, error_code text)
          on conflict do nothing`,
      )
      await run(
        ctx,
        rows.errors,
        sql`insert into gateway_error_events (organization_id, at, id, gateway_id, request_id, error_code, message,
            service_id, path, status_code)
          select ${organizationId}::uuid, at, id, ${gatewayId}::uuid, request_id, error_code, message, service_id, path,
            status_code
          from jsonb_to_recordset(${json(rows.errors)}) as failure (at timestamptz, id uuid, request_id text,
            error_code text, message text, service_id uuid, path text, status_code smallint)
          on conflict do nothing`,
      )
      await run(
        ctx,
        rows.health,
        sql`insert into gateway_health_checks
          select ${organizationId}::uuid, service_id, checked_at, ${gatewayId}::uuid, status, latency_ms, error_message
          from jsonb_to_recordset(${json(rows.health)}) as health (service_id uuid, checked_at timestamptz, status text,
            latency_ms real, error_message text)
          on conflict do nothing`,
      )
      // In one order everywhere, so that gateways that report the same slot wait for each other and never in a ring.
      await run(
        ctx,
        rows.metrics,
        sql`insert into gateway_metrics as stored
          select ${organizationId}::uuid, slot_seconds, at, requests, errors, refused, latency
          from jsonb_to_recordset(${json(rows.metrics)}) as slot (slot_seconds integer, at timestamptz, requests bigint,
            errors bigint, refused bigint, latency jsonb)
          order by slot_seconds, at
          on conflict (organization_id, slot_seconds, at) do update set requests = stored.requests + excluded.requests,
            errors = stored.errors + excluded.errors, refused = stored.refused + excluded.refused,
            latency = gateway_histogram_sum(stored.latency, excluded.latency)`,
      )
      const used = {
        gateway_consumer_hours: rows.consumerHours,
        gateway_consumer_ten_minutes: rows.consumerTenMinutes,
      }
      for (const [table, slots] of Object.entries(used)) {
        await run(
          ctx,
          slots,
          sql`insert into ${sql.table(table)} as stored
            select ${organizationId}::uuid, consumer_id, at, requests
            from jsonb_to_recordset(${json(slots)}) as used (consumer_id uuid, at timestamptz, requests bigint)
            order by consumer_id, at
            on conflict (organization_id, consumer_id, at) do update set requests = stored.requests + excluded.requests`,
        )
      }
    },

    async addDropped(ctx: Context, gatewayId: string, dropped: number): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateways')
        .set((is) => ({ dropped_events: is('dropped_events', '+', dropped) }))
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', gatewayId)
        .execute()
    },

    /** Removes all but the newest health checks of these services. */
    async trimHealth(ctx: Context, serviceIds: readonly string[]): Promise<void> {
      if (serviceIds.length === 0) return
      await sql`
        delete from gateway_health_checks as health using unnest(${serviceIds}::uuid[]) as reported (service_id)
        where health.organization_id = ${ctx.organizationId} and health.service_id = reported.service_id
          and health.checked_at < (
            select checked_at from gateway_health_checks as newer
            where newer.organization_id = ${ctx.organizationId} and newer.service_id = reported.service_id
            order by checked_at desc offset ${healthChecksKept - 1} limit 1)
      `.execute(database.of(ctx))
    },

    /** Removes what this tenant has beyond its time. */
    async trim(ctx: Context, now: Date): Promise<void> {
      const { organizationId } = ctx
      const before = (ageMs: number) => new Date(now.getTime() - ageMs).toISOString()
      for (const { seconds, keptMs } of slots) {
        await sql`delete from gateway_metrics where organization_id = ${organizationId}
          and slot_seconds = ${seconds} and at < ${before(keptMs)}`.execute(database.of(ctx))
      }
      await sql`delete from gateway_consumer_hours
        where organization_id = ${organizationId} and at < ${before(usageKeptMs)}`.execute(database.of(ctx))
      await sql`delete from gateway_consumer_ten_minutes
        where organization_id = ${organizationId} and at < ${before(tenMinutesKeptMs)}`.execute(
        database.of(ctx),
      )
      await sql`delete from gateway_health_checks
        where organization_id = ${organizationId} and checked_at < ${before(usageKeptMs)}`.execute(
        database.of(ctx),
      )
      await sql`delete from gateway_telemetry_positions
        where organization_id = ${organizationId} and updated_at < ${before(positionsKeptMs)}`.execute(
        database.of(ctx),
      )
    },
  }
}
