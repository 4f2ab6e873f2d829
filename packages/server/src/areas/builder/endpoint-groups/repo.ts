import type { EndpointGroup, NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type EndpointGroupsRepo = ReturnType<typeof createEndpointGroupsRepo>

/** All SQL of endpoint groups. */
export function createEndpointGroupsRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('endpoint_groups')
      .select([
        'id as _id',
        'id',
        'name',
        'description',
        'icon',
        'color',
        'position as order',
        'network_access',
        'created_at as createdAt',
        'updated_at as updatedAt',
      ])
      .select(
        sql<number>`(select count(*) from endpoints where endpoints.group_id = endpoint_groups.id)`.as(
          'endpointCount',
        ),
      )

  return {
    /** By order, then by name. */
    async list(ctx: Context): Promise<EndpointGroup[]> {
      return (await select(ctx).orderBy('position').orderBy('name').execute()).map(withNetwork)
    },

    async find(ctx: Context, id: string): Promise<EndpointGroup | undefined> {
      const row = await select(ctx).where('id', '=', id).executeTakeFirst()
      return row && withNetwork(row)
    },

    async networks(ctx: Context): Promise<Map<string, NetworkAccess>> {
      const rows = await database
        .of(ctx)
        .selectFrom('endpoint_groups')
        .select(['id', 'network_access'])
        .execute()
      return new Map(rows.map((row) => [row.id, row.network_access as NetworkAccess]))
    },

    async insert(ctx: Context, group: EndpointGroup): Promise<void> {
      await database
        .of(ctx)
        .insertInto('endpoint_groups')
        .values({ id: group.id, ...columns(group), created_at: group.createdAt, updated_at: group.updatedAt })
        .execute()
    },

    async update(ctx: Context, group: EndpointGroup): Promise<void> {
      await database
        .of(ctx)
        .updateTable('endpoint_groups')
        .set({ ...columns(group), updated_at: group.updatedAt })
        .where('id', '=', group.id)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('endpoint_groups').where('id', '=', id).execute()
    },

    async lock(ctx: Context, id: string): Promise<void> {
      await database
        .of(ctx)
        .selectFrom('endpoint_groups')
        .select('id')
        .where('id', '=', id)
        .forUpdate()
        .execute()
    },
  }
}

function withNetwork<R extends { network_access: unknown }>({ network_access, ...row }: R) {
  return { ...row, networkAccess: network_access as NetworkAccess }
}

function columns(group: EndpointGroup) {
  const { name, description, icon, color, order, networkAccess } = group
  return { name, description, icon, color, position: order, network_access: JSON.stringify(networkAccess) }
}
