import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ChangeFacts, HistoryRow, StoredChange, StoredValue } from './stored.ts'

/** Tells every replica to read the settings again. */
export const settingsChannel = 'holdfast_settings'

export type SettingsRepo = ReturnType<typeof createSettingsRepo>

/** The configuration as stored, with its history: all SQL of both. */
export function createSettingsRepo(database: Database<Tables>) {
  type Reading = Partial<Pick<Context, 'tx'>>
  return {
    /** Only what differs from the defaults, by key; free keys stand among them. */
    async readAll(ctx: Reading): Promise<Map<string, StoredValue>> {
      const rows = await database
        .of(ctx)
        .selectFrom('settings')
        .select(['name', 'value', 'sealed', 'is_sensitive as isSensitive'])
        .execute()
      return new Map(rows.map(({ name, ...stored }) => [name, stored]))
    },

    /** Keeps other writers out until the transaction ends, so that what is audited as "before" is true. */
    async lock(ctx: Context): Promise<void> {
      await sql`lock table settings in share row exclusive mode`.execute(database.of(ctx))
    },

    /** The version of the document: of the last change of any key, 0 when there was none. */
    async version(ctx: Reading): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('config_history')
        .select('version')
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.version ?? 0
    },

    /** Writes the changes and their history. */
    async write(ctx: Context, changes: readonly StoredChange[], facts: ChangeFacts): Promise<void> {
      const at = facts.at.toISOString()
      for (const { key, from, to } of changes) {
        const table = database.of(ctx)
        if (to === null) await table.deleteFrom('settings').where('name', '=', key).execute()
        else {
          const row = {
            value: jsonOf(to),
            sealed: to.sealed,
            is_sensitive: to.isSensitive,
            updated_at: at,
          }
          await table
            .insertInto('settings')
            .values({ name: key, ...row })
            .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
            .execute()
        }
        await table
          .insertInto('config_history')
          .values({
            version: facts.version,
            key,
            is_sensitive: (to ?? from)?.isSensitive ?? false,
            old_value: jsonOf(from),
            old_sealed: from?.sealed ?? null,
            new_value: jsonOf(to),
            new_sealed: to?.sealed ?? null,
            is_removed: to === null,
            changed_by: facts.changedBy,
            changed_by_name: facts.changedByName,
            reason: facts.reason,
            changed_at: at,
          })
          .execute()
      }
    },

    /** The changes of one key before `before`, newest first. */
    async history(ctx: Context, key: string, limit: number, before: number | null): Promise<HistoryRow[]> {
      const rows = await selectHistory(ctx)
        .where('key', '=', key)
        .$if(before !== null, (query) => query.where('version', '<', before ?? 0))
        .orderBy('version', 'desc')
        .limit(limit)
        .execute()
      return rows.map(historyRow)
    },

    async change(ctx: Context, key: string, version: number): Promise<HistoryRow | undefined> {
      const row = await selectHistory(ctx)
        .where('key', '=', key)
        .where('version', '=', version)
        .executeTakeFirst()
      return row && historyRow(row)
    },

    /** The last change of every key that is stored. */
    async lastChanges(ctx: Context): Promise<Map<string, HistoryRow>> {
      const rows = await selectHistory(ctx)
        .distinctOn('key')
        .where('key', 'in', (from) => from.selectFrom('settings').select('name'))
        .orderBy('key')
        .orderBy('version', 'desc')
        .execute()
      return new Map(rows.map((row) => [row.key, historyRow(row)]))
    },

    announce: (ctx: Context): Promise<void> => database.notify(ctx, settingsChannel, ''),
    listen: (handler: () => Promise<void>) => database.listen(settingsChannel, handler),
  }

  function selectHistory(ctx: Reading) {
    return database
      .of(ctx)
      .selectFrom('config_history')
      .select([
        'key',
        'version',
        'is_sensitive as isSensitive',
        'old_value as oldValue',
        'old_sealed as oldSealed',
        'new_value as newValue',
        'new_sealed as newSealed',
        'is_removed as isRemoved',
        'changed_by as changedBy',
        'changed_by_name as changedByName',
        'reason',
        'changed_at as at',
      ])
  }
}

interface RawHistory extends Omit<ChangeFacts, 'at' | 'version'> {
  key: string
  version: number | string
  isSensitive: boolean
  oldValue: unknown
  oldSealed: string | null
  newValue: unknown
  newSealed: string | null
  isRemoved: boolean
  at: string
}

function historyRow({ oldValue, oldSealed, newValue, newSealed, isRemoved, ...row }: RawHistory): HistoryRow {
  const stored = (value: unknown, sealed: string | null): StoredValue | null =>
    value === null && sealed === null ? null : { isSensitive: sealed !== null, value, sealed }
  return {
    ...row,
    version: Number(row.version),
    from: stored(oldValue, oldSealed),
    to: isRemoved ? null : stored(newValue, newSealed),
  }
}

function jsonOf(stored: StoredValue | null): string | null {
  return stored === null || stored.sealed !== null ? null : JSON.stringify(stored.value)
}
