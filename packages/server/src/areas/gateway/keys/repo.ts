import type { GatewayKey } from '@holdfast/contracts/gateway/keys'
import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

/** Tells every replica that keys of a tenant were revoked or will expire; the payload is the organization's id. */
const keysChannel = 'holdfast_gateway_keys'

export type GatewayKeysRepo = ReturnType<typeof createGatewayKeysRepo>

export interface ShownKey {
  id: string
  organizationId: string
  hash: Buffer
  expiresAt: string | null
}

/** All SQL of gateway keys. All but `findByPrefix` runs in the tenant's scope. */
export function createGatewayKeysRepo(database: Database<Tables>) {
  const valid = (ctx: Context, at: Date) =>
    database
      .of(ctx)
      .selectFrom('gateway_keys')
      .where('organization_id', '=', ctx.organizationId)
      .where('revoked_at', 'is', null)
      .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', at.toISOString())]))

  const select = (ctx: Context, at: Date) =>
    valid(ctx, at).select([
      'id',
      'label',
      'prefix',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'last_used_at as lastUsedAt',
    ])

  return {
    list: (ctx: Context, at: Date): Promise<GatewayKey[]> => select(ctx, at).orderBy('id').execute(),

    find: (ctx: Context, id: string, at: Date): Promise<GatewayKey | undefined> =>
      select(ctx, at).where('id', '=', id).executeTakeFirst(),

    hashes: (ctx: Context, at: Date): Promise<{ prefix: string; hash: Buffer }[]> =>
      valid(ctx, at).select(['prefix', 'hash']).execute(),

    /** Locked until the transaction ends. */
    findForUpdate: (ctx: Context, id: string, at: Date): Promise<GatewayKey | undefined> =>
      select(ctx, at).where('id', '=', id).forUpdate().executeTakeFirst(),

    async insert(
      ctx: Context,
      key: { id: string; label: string; token: IssuedToken },
      at: Date,
    ): Promise<void> {
      if (ctx.organizationId === null) throw new Error('A gateway key belongs to an organization.')
      await database
        .of(ctx)
        .insertInto('gateway_keys')
        .values({
          id: key.id,
          organization_id: ctx.organizationId,
          label: key.label,
          prefix: key.token.prefix,
          hash: key.token.hash,
          created_at: at.toISOString(),
        })
        .execute()
    },

    /** They end at `until`, or when they would have ended before; answers how many. */
    async endAt(ctx: Context, ids: readonly string[], until: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_keys')
        .set({ expires_at: sql`least(expires_at, ${until.toISOString()}::timestamptz)` })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', 'in', ids)
        .execute()
    },

    async revoke(ctx: Context, id: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_keys')
        .set({ revoked_at: at.toISOString() })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', id)
        .execute()
    },

    /** The one question that is asked before the organization is known; row-level security lets this key alone be seen. */
    findByPrefix: (ctx: Pick<Context, 'tx'>, prefix: string, at: Date): Promise<ShownKey | undefined> =>
      database.transaction(ctx, async (tx) => {
        await sql`select set_config('app.gateway_key_prefix', ${prefix}, true)`.execute(database.of(tx))
        return database
          .of(tx)
          .selectFrom('gateway_keys')
          .select(['id', 'organization_id as organizationId', 'hash', 'expires_at as expiresAt'])
          .where('prefix', '=', prefix)
          .where('revoked_at', 'is', null)
          .where((is) => is.or([is('expires_at', 'is', null), is('expires_at', '>', at.toISOString())]))
          .executeTakeFirst()
      }),

    async used(ctx: Context, id: string, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('gateway_keys')
        .set({ last_used_at: at.toISOString() })
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', id)
        .execute()
    },

    announce: (ctx: Context): Promise<void> => database.notify(ctx, keysChannel, ctx.organizationId ?? ''),

    listen: (handler: (organizationId: string | null) => void): Promise<() => Promise<void>> =>
      database.listen(keysChannel, handler),
  }
}
