import { matchKeyOf } from '@holdfast/contracts/gateway/path-pattern'
import type { RouteEntity } from '@holdfast/contracts/gateway/routes'
import type { Database } from '@holdfast/database/database'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ListFilter } from '../listing/store.ts'
import { containing, inBatches, jsonOrNull } from '../listing/sql.ts'

export type RoutesRepo = ReturnType<typeof createRoutesRepo>

export interface RouteFilter extends ListFilter {
  serviceId?: string | undefined
}

/** All SQL of gateway routes. Everything but `publishersOf` runs in the tenant's scope. */
export function createRoutesRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('gateway_routes')
      .select([
        'id',
        'organization_id as tenantId',
        'path_pattern as pathPattern',
        'host',
        'service_id as serviceId',
        'auth_required as authRequired',
        'rate_limit_override as rateLimitOverride',
        'strip_prefix as stripPrefix',
        'timeout_ms as timeoutMs',
        'body_size_bytes_max as bodySizeBytesMax',
        'retries',
        'enabled',
        'endpoint_id as endpointId',
        'created_at as createdAt',
        'updated_at as updatedAt',
        'deleted_at as deletedAt',
      ])
      .select([
        sql<RouteEntity['method']>`method`.as('method'),
        sql<RouteEntity['pathMatch']>`path_match`.as('pathMatch'),
        sql<RouteEntity['cors']>`cors`.as('cors'),
        sql<RouteEntity['addresses']>`addresses`.as('addresses'),
        sql<RouteEntity['requestHeaders']>`request_headers`.as('requestHeaders'),
        sql<RouteEntity['responseHeaders']>`response_headers`.as('responseHeaders'),
      ])
      .where('organization_id', '=', ctx.organizationId)
      .where('deleted_at', 'is', null)

  return {
    list: (ctx: Context, { limit, cursor, search, serviceId }: RouteFilter): Promise<RouteEntity[]> =>
      select(ctx)
        .where((is) => {
          const wanted: Expression<SqlBool>[] = []
          if (cursor !== undefined) wanted.push(is('id', '>', cursor))
          if (serviceId !== undefined) wanted.push(is('service_id', '=', serviceId))
          if (search !== undefined)
            wanted.push(
              sql<boolean>`method || ' ' || coalesce(host, '') || path_pattern ilike ${containing(search)}`,
            )
          return is.and(wanted)
        })
        .orderBy('id')
        .limit(limit)
        .execute(),

    find: (ctx: Context, id: string): Promise<RouteEntity | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** The routes that publish this endpoint; there is one at most. */
    findPublished: (ctx: Context, endpointId: string): Promise<RouteEntity | undefined> =>
      select(ctx).where('endpoint_id', '=', endpointId).orderBy('id').executeTakeFirst(),

    /** Inserts them, or replaces those that are there. A duplicate violates `gateway_routes_match`. */
    async save(ctx: Context, routes: readonly RouteEntity[]): Promise<void> {
      for (const batch of inBatches(routes)) {
        await database
          .of(ctx)
          .insertInto('gateway_routes')
          .values(batch.map(rowOf))
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet((is) =>
                Object.fromEntries(changeable.map((column) => [column, is.ref(`excluded.${column}`)])),
              ),
          )
          .execute()
      }
    },

    async remove(ctx: Context, ids: readonly string[], at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_routes')
        .set({ deleted_at: at.toISOString() })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
        .execute()
    },

    /** The tenants through whose gateways an endpoint is published: the one question across tenants, about this endpoint alone. */
    publishersOf: (ctx: Context, endpointId: string): Promise<string[]> =>
      database.transaction(ctx, async (tx) => {
        await sql`select set_config('app.endpoint_id', ${endpointId}, true)`.execute(database.of(tx))
        const rows = await database
          .of(tx)
          .selectFrom('gateway_routes')
          .select('organization_id')
          .distinct()
          .where('endpoint_id', '=', endpointId)
          .where('deleted_at', 'is', null)
          .orderBy('organization_id')
          .execute()
        await sql`select set_config('app.endpoint_id', '', true)`.execute(database.of(tx))
        return rows.map(({ organization_id: id }) => id)
      }),
  }
}

const rowOf = (route: RouteEntity) => ({
  id: route.id,
  organization_id: route.tenantId,
  service_id: route.serviceId,
  endpoint_id: route.endpointId,
  method: route.method,
  path_pattern: route.pathPattern,
  path_match: route.pathMatch,
  match_key: matchKeyOf(route.pathPattern),
  host: route.host,
  auth_required: route.authRequired,
  rate_limit_override: route.rateLimitOverride,
  enabled: route.enabled,
  strip_prefix: route.stripPrefix,
  timeout_ms: route.timeoutMs,
  body_size_bytes_max: route.bodySizeBytesMax,
  retries: route.retries,
  cors: jsonOrNull(route.cors),
  addresses: jsonOrNull(route.addresses),
  request_headers: jsonOrNull(route.requestHeaders),
  response_headers: jsonOrNull(route.responseHeaders),
  created_at: route.createdAt,
  updated_at: route.updatedAt,
})

const changeable = [
  'service_id',
  'endpoint_id',
  'method',
  'path_pattern',
  'path_match',
  'match_key',
  'host',
  'auth_required',
  'rate_limit_override',
  'enabled',
  'strip_prefix',
  'timeout_ms',
  'body_size_bytes_max',
  'retries',
  'cors',
  'addresses',
  'request_headers',
  'response_headers',
  'updated_at',
] as const
