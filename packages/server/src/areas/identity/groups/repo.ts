import type { Group, GroupChange, GroupInput } from '@holdfast/contracts/identity/groups'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type GroupsRepo = ReturnType<typeof createGroupsRepo>

/** All SQL of groups and of who holds them. */
export function createGroupsRepo(database: Database<Tables>) {
  const select = (ctx: Context) =>
    database
      .of(ctx)
      .selectFrom('groups')
      .select([
        'id as _id',
        'id',
        'name',
        'description',
        'permissions',
        'is_system as isSystem',
        'created_at as createdAt',
        'updated_at as updatedAt',
      ])
      .select(
        sql<number>`(select count(*) from user_groups where user_groups.group_id = groups.id)`.as(
          'userCount',
        ),
      )

  return {
    /** System groups first, then by name. */
    list: (ctx: Context): Promise<Group[]> =>
      select(ctx).orderBy('is_system', 'desc').orderBy('id').execute(),

    find: (ctx: Context, id: string): Promise<Group | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** Locks the row until the transaction ends, so that checks on it stay true. */
    findForUpdate: (ctx: Context, id: string): Promise<Group | undefined> =>
      select(ctx).where('id', '=', id).forUpdate().executeTakeFirst(),

    async insert(ctx: Context, id: string, group: GroupInput, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('groups')
        .values({ id, ...group, created_at: at.toISOString(), updated_at: at.toISOString() })
        .execute()
    },

    async update(ctx: Context, id: string, change: GroupChange, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('groups')
        .set({ ...definedOnly(change), updated_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('groups').where('id', '=', id).execute()
    },

    /** Those of `ids` that exist, kept from change or removal until the transaction ends. */
    lockForGiving: (ctx: Context, ids: readonly string[]): Promise<{ id: string; permissions: string[] }[]> =>
      database
        .of(ctx)
        .selectFrom('groups')
        .select(['id', 'permissions'])
        .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
        .orderBy('id')
        .forShare()
        .execute(),
  }
}

function definedOnly<T extends object>(change: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as never
}
