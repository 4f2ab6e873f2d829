import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type NamesRepo = ReturnType<typeof createNamesRepo>

/** What telemetry points at by id, also when it is deleted or revoked: its past stays readable. In the tenant's scope. */
export function createNamesRepo(database: Database<Tables>) {
  return {
    async servicesByIds(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await database
        .of(ctx)
        .selectFrom('gateway_services')
        .select(['id', 'name'])
        .where('organization_id', '=', ctx.organizationId)
        .where('id', 'in', ids)
        .execute()
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    async liveServiceIds(ctx: Context): Promise<string[]> {
      const rows = await database
        .of(ctx)
        .selectFrom('gateway_services')
        .select('id')
        .where('organization_id', '=', ctx.organizationId)
        .where('deleted_at', 'is', null)
        .execute()
      return rows.map(({ id }) => id)
    },

    async hasConsumer(ctx: Context, id: string): Promise<boolean> {
      const row = await database
        .of(ctx)
        .selectFrom('gateway_consumers')
        .select('id')
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
