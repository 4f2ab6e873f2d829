import type { Database } from '@holdfast/database/database'
import { type Selectable, sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { StoredEndpoint } from './stored.ts'

export type EndpointsRepo = ReturnType<typeof createEndpointsRepo>

export interface EndpointFilter {
  search?: string | undefined
  groupId?: string | undefined
  /** Instead of by path. */
  newestFirst?: boolean
}

export interface VersionRow {
  version: number
  schema: unknown
  createdBy: string | null
  createdByName: string
  createdAt: string
}

/** All SQL of endpoints, their versions and their call counts. */
export function createEndpointsRepo(database: Database<Tables>) {
  const filtered = (ctx: Context, { search, groupId }: EndpointFilter) => {
    let query = database.of(ctx).selectFrom('endpoints')
    if (groupId === 'none') query = query.where('group_id', 'is', null)
    else if (groupId !== undefined) query = query.where('group_id', '=', groupId)
    if (search === undefined || search === '') return query
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    return query.where((where) =>
      where.or(
        (['name', 'path', 'method', 'description'] as const).map((column) => where(column, 'ilike', pattern)),
      ),
    )
  }

  return {
    async list(
      ctx: Context,
      filter: EndpointFilter,
      limit: number,
      offset: number,
      after: { path: string; method: string; id: string } | null = null,
    ): Promise<StoredEndpoint[]> {
      const rows = await filtered(ctx, filter)
        .selectAll()
        .$if(after !== null, (query) =>
          query.where(
            sql<boolean>`(path, method, id) > (${after?.path}, ${after?.method}, ${after?.id}::uuid)`,
          ),
        )
        .$if(filter.newestFirst === true, (query) => query.orderBy('id', 'desc'))
        .orderBy('path')
        .orderBy('method')
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      return rows.map(fromRow)
    },

    async count(ctx: Context, filter: EndpointFilter): Promise<number> {
      const { total } = await filtered(ctx, filter)
        .select((select) => select.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return total
    },

    async find(ctx: Context, id: string): Promise<StoredEndpoint | undefined> {
      const row = await database
        .of(ctx)
        .selectFrom('endpoints')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && fromRow(row)
    },

    /** Locks the row until the transaction ends. */
    async findForUpdate(ctx: Context, id: string): Promise<StoredEndpoint | undefined> {
      const row = await database
        .of(ctx)
        .selectFrom('endpoints')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      return row && fromRow(row)
    },

    async ofCollection(ctx: Context, collectionId: string): Promise<StoredEndpoint[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('endpoints')
        .selectAll()
        .where('collection_id', '=', collectionId)
        .orderBy('id')
        .execute()
      return rows.map(fromRow)
    },

    async all(ctx: Context): Promise<StoredEndpoint[]> {
      return (await database.of(ctx).selectFrom('endpoints').selectAll().orderBy('id').execute()).map(fromRow)
    },

    /** Endpoints, other than itself, whose schema points at this one on any level. */
    async referringTo(ctx: Context, id: string): Promise<{ id: string; method: string; path: string }[]> {
      return database
        .of(ctx)
        .selectFrom('endpoints')
        .select(['id', 'method', 'path'])
        .where('id', '!=', id)
        .where(
          sql<boolean>`jsonb_path_exists(schema, '$.** ? (@.refEndpointId == $id)', jsonb_build_object('id', ${id}::text))`,
        )
        .orderBy('path')
        .limit(20)
        .execute()
    },

    async insert(ctx: Context, endpoint: StoredEndpoint): Promise<void> {
      await database.of(ctx).insertInto('endpoints').values(toRow(endpoint)).execute()
    },

    async update(ctx: Context, endpoint: StoredEndpoint): Promise<void> {
      const { id, created_by, created_at, ...changes } = toRow(endpoint)
      void created_by
      void created_at
      await database.of(ctx).updateTable('endpoints').set(changes).where('id', '=', id).execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('endpoints').where('id', '=', id).execute()
    },

    /** Takes a group from every endpoint that admits it; answers which. */
    async withdrawGroup(ctx: Context, groupId: string): Promise<string[]> {
      const rows = await database
        .of(ctx)
        .updateTable('endpoints')
        .set({ allowed_group_ids: sql`array_remove(allowed_group_ids, ${groupId}::uuid)` })
        .where(sql<boolean>`${groupId}::uuid = any(allowed_group_ids)`)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },

    async endpointGroupExists(ctx: Context, id: string): Promise<boolean> {
      return (
        (await database
          .of(ctx)
          .selectFrom('endpoint_groups')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst()) !== undefined
      )
    },

    async insertVersion(ctx: Context, endpointId: string, version: VersionRow): Promise<void> {
      await database
        .of(ctx)
        .insertInto('endpoint_versions')
        .values({
          endpoint_id: endpointId,
          version: version.version,
          schema: JSON.stringify(version.schema),
          created_by: version.createdBy,
          created_by_name: version.createdByName,
          created_at: version.createdAt,
        })
        .execute()
    },

    async findVersion(ctx: Context, endpointId: string, version: number): Promise<VersionRow | undefined> {
      return versions(ctx, endpointId).where('version', '=', version).executeTakeFirst()
    },

    async listVersions(
      ctx: Context,
      endpointId: string,
      limit: number,
      offset: number,
      before: number | null,
    ): Promise<VersionRow[]> {
      return versions(ctx, endpointId)
        .$if(before !== null, (query) => query.where('version', '<', before))
        .orderBy('version', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
    },

    async callCounts(ctx: Context, ids: readonly string[]): Promise<Map<string, number>> {
      if (ids.length === 0) return new Map()
      const rows = await database
        .of(ctx)
        .selectFrom('endpoint_calls')
        .selectAll()
        .where('endpoint_id', 'in', [...ids])
        .execute()
      return new Map(rows.map((row) => [row.endpoint_id, row.count]))
    },

    /** Adds to the counters; endpoints that are gone are passed over. In order of id, so that two replicas never deadlock. */
    async addCalls(ctx: Context, counts: ReadonlyMap<string, number>): Promise<void> {
      const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
      await sql`
        insert into endpoint_calls as calls (endpoint_id, count)
        select added.id, added.count
        from unnest(${entries.map(([id]) => id)}::uuid[], ${entries.map(([, count]) => count)}::bigint[]) as added (id, count)
        join endpoints on endpoints.id = added.id
        order by added.id
        on conflict (endpoint_id) do update set count = calls.count + excluded.count
      `.execute(database.of(ctx))
    },
  }

  function versions(ctx: Context, endpointId: string) {
    return database
      .of(ctx)
      .selectFrom('endpoint_versions')
      .select([
        'version',
        'schema',
        'created_by as createdBy',
        'created_by_name as createdByName',
        'created_at as createdAt',
      ])
      .where('endpoint_id', '=', endpointId)
  }
}

type Row = Selectable<Tables['endpoints']>

function fromRow(row: Row): StoredEndpoint {
  return {
    id: row.id,
    collectionId: row.collection_id,
    name: row.name,
    description: row.description,
    slug: row.slug,
    path: row.path,
    method: row.method as StoredEndpoint['method'],
    apiVersion: row.api_version,
    groupId: row.group_id,
    schema: row.schema as StoredEndpoint['schema'],
    schemaVersion: row.schema_version,
    accessType: row.access_type as StoredEndpoint['accessType'],
    allowedGroupIds: row.allowed_group_ids,
    networkAccess: row.network_access as StoredEndpoint['networkAccess'],
    inheritGroupNetworkAccess: row.inherit_group_network_access,
    handlers: row.handlers as StoredEndpoint['handlers'],
    rateLimit: row.rate_limit as StoredEndpoint['rateLimit'],
    dataRetentionDays: row.data_retention_days,
    enabled: row.enabled,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function toRow(endpoint: StoredEndpoint) {
  return {
    id: endpoint.id,
    collection_id: endpoint.collectionId,
    name: endpoint.name,
    description: endpoint.description,
    slug: endpoint.slug,
    path: endpoint.path,
    path_shape: endpoint.path.replace(/:\w+/g, ':'),
    method: endpoint.method,
    api_version: endpoint.apiVersion,
    group_id: endpoint.groupId,
    schema: JSON.stringify(endpoint.schema),
    schema_version: endpoint.schemaVersion,
    access_type: endpoint.accessType,
    allowed_group_ids: [...endpoint.allowedGroupIds],
    network_access: JSON.stringify(endpoint.networkAccess),
    inherit_group_network_access: endpoint.inheritGroupNetworkAccess,
    handlers: JSON.stringify(endpoint.handlers),
    rate_limit: endpoint.rateLimit === null ? null : JSON.stringify(endpoint.rateLimit),
    data_retention_days: endpoint.dataRetentionDays,
    enabled: endpoint.enabled,
    created_by: endpoint.createdBy,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  }
}
