import type { SettingName } from '@holdfast/contracts/platform/settings'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

/** Tells every replica to read the settings again. */
export const settingsChannel = 'holdfast_settings'

export type SettingsRepo = ReturnType<typeof createSettingsRepo>

export function createSettingsRepo(database: Database<Tables>) {
  return {
    /** Only what differs from the defaults, as stored. */
    async readAll(ctx: Partial<Pick<Context, 'tx'>>): Promise<Map<string, unknown>> {
      const rows = await database.of(ctx).selectFrom('settings').select(['name', 'value']).execute()
      return new Map(rows.map(({ name, value }) => [name, value]))
    },

    /** Keeps other writers out until the transaction ends, so that what is audited as "before" is true. */
    async lock(ctx: Context): Promise<void> {
      await sql`lock table settings in share row exclusive mode`.execute(database.of(ctx))
    },

    async write(ctx: Context, name: SettingName, value: unknown, at: Date): Promise<void> {
      const row = { value: JSON.stringify(value), updated_at: at.toISOString() }
      await database
        .of(ctx)
        .insertInto('settings')
        .values({ name, ...row })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute()
    },

    announce: (ctx: Context): Promise<void> => database.notify(ctx, settingsChannel, ''),
    listen: (handler: () => Promise<void>) => database.listen(settingsChannel, handler),
  }
}
