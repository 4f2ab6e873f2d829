import type { CodeSecret } from '@holdfast/contracts/builder/code'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'

export type SecretsRepo = ReturnType<typeof createSecretsRepo>

/** All SQL of secrets. Values are sealed before they come here. */
export function createSecretsRepo(database: Database<Tables>) {
  const select = (ctx: Pick<Context, 'tx'>) =>
    database
      .of(ctx)
      .selectFrom('code_secrets')
      .select([
        'name',
        'description',
        'created_at as createdAt',
        'updated_at as updatedAt',
        'updated_by as updatedBy',
      ])

  return {
    list: (ctx: Context): Promise<CodeSecret[]> => select(ctx).orderBy('name').execute(),

    find: (ctx: Context, name: string): Promise<CodeSecret | undefined> =>
      select(ctx).where('name', '=', name).executeTakeFirst(),

    async sealed(name: string): Promise<string | null> {
      const row = await database.kysely
        .selectFrom('code_secrets')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.value ?? null
    },

    async count(ctx: Context): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('code_secrets')
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow()
      return row.count
    },

    async put(
      ctx: Context,
      secret: { name: string; value: string; description: string; updatedBy: string },
      at: Date,
    ): Promise<void> {
      const { updatedBy, ...values } = secret
      const change = { updated_at: at.toISOString(), updated_by: updatedBy }
      await database
        .of(ctx)
        .insertInto('code_secrets')
        .values({ ...values, ...change, created_at: at.toISOString() })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ value: secret.value, description: secret.description, ...change }),
        )
        .execute()
    },

    async remove(ctx: Context, name: string): Promise<boolean> {
      const { numDeletedRows } = await database
        .of(ctx)
        .deleteFrom('code_secrets')
        .where('name', '=', name)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
