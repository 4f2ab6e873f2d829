import type { Database } from '@holdfast/database/database'
import type { IssuedToken } from '@holdfast/kernel/crypto/token'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

export type TokensRepo = ReturnType<typeof createTokensRepo>

export interface TokenRow {
  id: string
  userId: string
  login: string
  name: string
  prefix: string
  scopes: string[]
  allowedAddresses: string[]
  createdAt: string
  issuedAt: string
  expiresAt: string | null
  lastUsedAt: string | null
  lastUsedIp: string | null
  previousUntil: string | null
}

export interface NewTokenRow {
  id: string
  userId: string
  name: string
  scopes: readonly string[]
  allowedAddresses: readonly string[]
  expiresAt: Date | null
  pluginId: string | null
  issued: IssuedToken
}

export interface TokenFilter {
  /** Of this user only. */
  userId: string | null
  /** Only those without a use since then. */
  unusedSince: Date | null
}

export interface TokenUse {
  tokenId: string
  at: Date
  ip: string
}

/** All SQL of API tokens, but the lookup of every request (see `access`). */
export function createTokensRepo(database: Database<Tables>) {
  const select = (ctx: Pick<Context, 'tx'>) =>
    database
      .of(ctx)
      .selectFrom('api_tokens')
      .innerJoin('users', 'users.id', 'api_tokens.user_id')
      .select([
        'api_tokens.id',
        'api_tokens.user_id as userId',
        'users.login',
        'api_tokens.name',
        'api_tokens.prefix',
        'api_tokens.scopes',
        'api_tokens.allowed_addresses as allowedAddresses',
        'api_tokens.created_at as createdAt',
        'api_tokens.issued_at as issuedAt',
        'api_tokens.expires_at as expiresAt',
        'api_tokens.last_used_at as lastUsedAt',
        'api_tokens.last_used_ip as lastUsedIp',
        'api_tokens.previous_until as previousUntil',
      ])

  const filtered = ({ userId, unusedSince }: TokenFilter) =>
    sql<boolean>`(${userId}::uuid is null or api_tokens.user_id = ${userId}::uuid)
      and (${unusedSince?.toISOString() ?? null}::timestamptz is null
        or coalesce(api_tokens.last_used_at, api_tokens.created_at) <= ${unusedSince?.toISOString() ?? null}::timestamptz)`

  return {
    /** Newest first. */
    list: (ctx: Context, filter: TokenFilter, limit: number, offset: number): Promise<TokenRow[]> =>
      select(ctx)
        .where(filtered(filter))
        .orderBy('api_tokens.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute(),

    async count(ctx: Pick<Context, 'tx'>, filter: TokenFilter): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('api_tokens')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where(filtered(filter))
        .executeTakeFirstOrThrow()
      return row.total
    },

    /** Locks the user's row, so that tokens made at the same time see each other in the count. */
    async lockOwner(ctx: Context, userId: string): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended('api_tokens ' || ${userId}, 0))`.execute(
        database.of(ctx),
      )
    },

    find: (ctx: Context, id: string): Promise<TokenRow | undefined> =>
      select(ctx).where('api_tokens.id', '=', id).executeTakeFirst(),

    /** Locks the row until the transaction ends. */
    findForUpdate: (ctx: Context, id: string): Promise<TokenRow | undefined> =>
      select(ctx).where('api_tokens.id', '=', id).forUpdate('api_tokens').executeTakeFirst(),

    async insert(ctx: Context, token: NewTokenRow, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('api_tokens')
        .values({
          id: token.id,
          user_id: token.userId,
          plugin_id: token.pluginId,
          name: token.name,
          prefix: token.issued.prefix,
          hash: token.issued.hash,
          previous_prefix: null,
          previous_hash: null,
          previous_until: null,
          scopes: [...token.scopes],
          allowed_addresses: [...token.allowedAddresses],
          created_at: at.toISOString(),
          issued_at: at.toISOString(),
          expires_at: token.expiresAt?.toISOString() ?? null,
          last_used_at: null,
          last_used_ip: null,
        })
        .execute()
    },

    /** The secret before becomes the previous one. `ofPlugin` says for whom and with what the token acts from now on. */
    async rotate(
      ctx: Context,
      id: string,
      next: {
        issued: IssuedToken
        expiresAt: Date | null
        previousUntil: Date
        ofPlugin?: { userId: string; scopes: readonly string[] }
      },
      at: Date,
    ): Promise<void> {
      await database
        .of(ctx)
        .updateTable('api_tokens')
        .set(({ ref }) => ({
          previous_prefix: ref('prefix'),
          previous_hash: ref('hash'),
          previous_until: next.previousUntil.toISOString(),
          prefix: next.issued.prefix,
          hash: next.issued.hash,
          issued_at: at.toISOString(),
          expires_at: next.expiresAt?.toISOString() ?? null,
          ...(next.ofPlugin && { user_id: next.ofPlugin.userId, scopes: [...next.ofPlugin.scopes] }),
        }))
        .where('id', '=', id)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('api_tokens').where('id', '=', id).execute()
    },

    /** All of a user but those of plugins; answers those that are gone. */
    removeAllOf: (ctx: Context, userId: string): Promise<{ id: string; name: string }[]> =>
      database
        .of(ctx)
        .deleteFrom('api_tokens')
        .where('user_id', '=', userId)
        .where('plugin_id', 'is', null)
        .returning(['id', 'name'])
        .execute(),

    findOfPlugin: (ctx: Context, pluginId: string): Promise<TokenRow | undefined> =>
      select(ctx).where('api_tokens.plugin_id', '=', pluginId).executeTakeFirst(),

    async setScopes(ctx: Context, id: string, scopes: readonly string[]): Promise<void> {
      await database
        .of(ctx)
        .updateTable('api_tokens')
        .set({ scopes: [...scopes] })
        .where('id', '=', id)
        .execute()
    },

    /** Writes many last uses at once; an older one never replaces a newer one. */
    async recordUses(uses: readonly TokenUse[]): Promise<void> {
      await sql`
        update api_tokens set last_used_at = used.at, last_used_ip = used.ip
        from unnest(
          ${uses.map(({ tokenId }) => tokenId)}::uuid[],
          ${uses.map(({ at }) => at.toISOString())}::timestamptz[],
          ${uses.map(({ ip }) => ip)}::text[]
        ) as used (id, at, ip)
        where api_tokens.id = used.id and (last_used_at is null or last_used_at < used.at)
      `.execute(database.kysely)
    },
  }
}
