import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type LinkRepo = ReturnType<typeof createLinkRepo>

export interface ConnectingGateway {
  id: string
  connectionId: string
  keyId: string
  hostname: string | null
  version: string | null
  address: string
  previousEnd: 'stop' | 'crash' | null
  appliedRevision: number | null
  appliedChecksum: string | null
}

export interface AppliedRow {
  id: string
  connection_id: string
  revision: number
  checksum: string | null
}

/** Gateways that are gone are remembered so long, and so many of each tenant. */
const goneKeptMs = 30 * 86_400_000
const goneKept = 1_000

/**
 * All SQL that writes the rows of gateways: the link is who knows them. Everything runs in the tenant's scope. A row
 * belongs to the newest link of its gateway, wherever that is; what an older one still has to say meets no row.
 */
export function createLinkRepo(database: Database<Tables>) {
  return {
    async connect(ctx: Context, gateway: ConnectingGateway, at: Date): Promise<void> {
      const now = at.toISOString()
      await sql`
        insert into gateways (id, organization_id, key_id, hostname, version, address, connected_at, last_seen_at,
          applied_revision, applied_checksum, connection_id, previous_end)
        values (${gateway.id}, ${ctx.organizationId}, ${gateway.keyId}, ${gateway.hostname}, ${gateway.version},
          ${gateway.address}, ${now}, ${now}, ${gateway.appliedRevision}, ${gateway.appliedChecksum},
          ${gateway.connectionId}, ${gateway.previousEnd})
        on conflict (organization_id, id) do update set key_id = excluded.key_id, hostname = excluded.hostname,
          version = excluded.version, address = excluded.address, connected_at = excluded.connected_at,
          last_seen_at = excluded.last_seen_at, disconnected_at = null, applied_revision = excluded.applied_revision,
          applied_checksum = excluded.applied_checksum, connection_id = excluded.connection_id,
          previous_end = excluded.previous_end
      `.execute(database.of(ctx))
      await sql`delete from gateways where organization_id = ${ctx.organizationId}
        and last_seen_at < ${new Date(at.getTime() - goneKeptMs).toISOString()}`.execute(database.of(ctx))
      await sql`delete from gateways where organization_id = ${ctx.organizationId} and id in (
        select id from gateways where organization_id = ${ctx.organizationId} and disconnected_at is not null
        order by last_seen_at desc offset ${goneKept})`.execute(database.of(ctx))
    },

    async applied(ctx: Context, rows: readonly AppliedRow[], at: Date): Promise<void> {
      await sql`
        update gateways set applied_revision = row.revision, applied_checksum = row.checksum,
          last_seen_at = ${at.toISOString()}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (id uuid, connection_id uuid, revision bigint,
          checksum text)
        where organization_id = ${ctx.organizationId} and gateways.id = row.id
          and gateways.connection_id = row.connection_id
      `.execute(database.of(ctx))
    },

    async seen(ctx: Context, connectionIds: readonly string[], at: Date): Promise<void> {
      await sql`update gateways set last_seen_at = ${at.toISOString()}
        where organization_id = ${ctx.organizationId} and connection_id = any(${connectionIds}::uuid[])`.execute(
        database.of(ctx),
      )
    },

    async disconnect(ctx: Context, connectionIds: readonly string[], at: Date): Promise<void> {
      await sql`update gateways set disconnected_at = ${at.toISOString()}, last_seen_at = ${at.toISOString()},
          connection_id = null
        where organization_id = ${ctx.organizationId} and connection_id = any(${connectionIds}::uuid[])`.execute(
        database.of(ctx),
      )
    },
  }
}
