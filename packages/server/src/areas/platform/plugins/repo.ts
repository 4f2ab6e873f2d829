import type { WholeManifest } from '@holdfast/contracts/platform/plugin-manifest'
import type { PluginHealth } from '@holdfast/contracts/platform/plugins'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type PluginsRepo = ReturnType<typeof createPluginsRepo>

/** What people decided. */
export type PluginState = 'registered' | 'active' | 'inactive'
/** What the plugin says of itself. */
export type Reported = 'healthy' | 'degraded' | 'unhealthy' | 'error'

/** A plugin as it is stored; its signing secret and its configuration are sealed. */
export interface StoredPlugin {
  id: string
  name: string
  version: string
  manifest: WholeManifest
  state: PluginState
  secretSealed: string
  configSealed: string
  configVersion: number
  reported: Reported | null
  reportedMessage: string | null
  lastHeartbeatAt: string | null
  checkedAt: string | null
  checkError: string | null
  /** As it was last told. */
  health: PluginHealth
  createdAt: string
  updatedAt: string
  tokenPrefix: string | null
  tokenOwner: string | null
  webhookId: string | null
}

/** All SQL of plugins. */
export function createPluginsRepo(database: Database<Tables>) {
  const select = (ctx: Pick<Context, 'tx'>) =>
    database
      .of(ctx)
      .selectFrom('plugins')
      .leftJoin('api_tokens', 'api_tokens.plugin_id', 'plugins.id')
      .leftJoin('users', 'users.id', 'api_tokens.user_id')
      .leftJoin('webhooks', 'webhooks.plugin_id', 'plugins.id')
      .select([
        'plugins.id',
        'plugins.name',
        'plugins.version',
        'plugins.secret_sealed as secretSealed',
        'plugins.config_sealed as configSealed',
        'plugins.config_version as configVersion',
        'plugins.reported_message as reportedMessage',
        'plugins.last_heartbeat_at as lastHeartbeatAt',
        'plugins.checked_at as checkedAt',
        'plugins.check_error as checkError',
        'plugins.created_at as createdAt',
        'plugins.updated_at as updatedAt',
        'api_tokens.prefix as tokenPrefix',
        'users.login as tokenOwner',
        'webhooks.id as webhookId',
      ])
      .select(sql<WholeManifest>`plugins.manifest`.as('manifest'))
      .select(sql<PluginState>`plugins.state`.as('state'))
      .select(sql<Reported | null>`plugins.reported`.as('reported'))
      .select(sql<PluginHealth>`plugins.health`.as('health'))

  return {
    list: (ctx: Pick<Context, 'tx'>): Promise<StoredPlugin[]> => select(ctx).orderBy('plugins.id').execute(),

    find: (ctx: Context, id: string): Promise<StoredPlugin | undefined> =>
      select(ctx).where('plugins.id', '=', id).executeTakeFirst(),

    /** Locks the row until the transaction ends. */
    findForUpdate: (ctx: Context, id: string): Promise<StoredPlugin | undefined> =>
      select(ctx).where('plugins.id', '=', id).forUpdate('plugins').executeTakeFirst(),

    /** How many there are; the lock keeps two registrations from both finding room. */
    async lockedCount(ctx: Context): Promise<number> {
      await sql`select pg_advisory_xact_lock(hashtext('holdfast plugins'))`.execute(database.of(ctx))
      const row = await database
        .of(ctx)
        .selectFrom('plugins')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return row.total
    },

    /** False when the id is taken. */
    async insert(
      ctx: Context,
      plugin: Pick<StoredPlugin, 'id' | 'name' | 'version' | 'manifest' | 'secretSealed' | 'configSealed'>,
      at: Date,
    ): Promise<boolean> {
      const inserted = await database
        .of(ctx)
        .insertInto('plugins')
        .values({
          id: plugin.id,
          name: plugin.name,
          version: plugin.version,
          manifest: JSON.stringify(plugin.manifest),
          state: 'registered',
          secret_sealed: plugin.secretSealed,
          config_sealed: plugin.configSealed,
          reported: null,
          reported_message: null,
          last_heartbeat_at: null,
          checked_at: null,
          check_error: null,
          created_at: at.toISOString(),
          updated_at: at.toISOString(),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return inserted.numInsertedOrUpdatedRows === 1n
    },

    async setManifest(
      ctx: Context,
      { id, name, version, manifest }: Pick<StoredPlugin, 'id' | 'name' | 'version' | 'manifest'>,
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('plugins')
        .set({ name, version, manifest: JSON.stringify(manifest), updated_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    async setState(ctx: Context, id: string, state: PluginState, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('plugins')
        .set({ state, updated_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    async setConfig(
      ctx: Context,
      id: string,
      configSealed: string,
      version: number,
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('plugins')
        .set({ config_sealed: configSealed, config_version: version, updated_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    async setHeartbeat(
      ctx: Context,
      id: string,
      { reported, message, at }: { reported: Reported; message: string | null; at: Date },
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('plugins')
        .set({ reported, reported_message: message, last_heartbeat_at: at.toISOString() })
        .where('id', '=', id)
        .execute()
    },

    async setCheck(ctx: Context, id: string, error: string | null, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('plugins')
        .set({ checked_at: at.toISOString(), check_error: error })
        .where('id', '=', id)
        .execute()
    },

    async setHealth(ctx: Context, id: string, health: PluginHealth): Promise<void> {
      await database.of(ctx).updateTable('plugins').set({ health }).where('id', '=', id).execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('plugins').where('id', '=', id).execute()
    },
  }
}
