import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'

/** Sent in the transaction of a change that what replicas remember depends on. */
const accessChannel = 'holdfast_access'

export type AccessRepo = ReturnType<typeof createAccessRepo>

export interface LiveSession {
  userId: string
  login: string
  expiresAt: string
  mustChangePassword: boolean
  groups: { id: string; permissions: string[] }[]
}

/** The read model behind every request: a live session, its active user and what they may do, in one query. */
export function createAccessRepo(database: Database<Tables>) {
  return {
    /** Undefined when the session is revoked or over, or its user is not active. */
    find: (ctx: Pick<Context, 'tx'>, sessionId: string, at: Date): Promise<LiveSession | undefined> =>
      database
        .of(ctx)
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .select(['users.id as userId', 'users.login', 'sessions.expires_at as expiresAt'])
        .select('users.must_change_password as mustChangePassword')
        .select(
          sql<LiveSession['groups']>`(
            select coalesce(json_agg(json_build_object('id', groups.id, 'permissions', groups.permissions)), '[]')
            from user_groups join groups on groups.id = user_groups.group_id where user_groups.user_id = users.id
          )`.as('groups'),
        )
        .where('sessions.id', '=', sessionId)
        .where('sessions.revoked_at', 'is', null)
        .where('sessions.expires_at', '>', at.toISOString())
        .where('users.status', '=', 'active')
        .executeTakeFirst(),

    notify: (ctx: Context, payload: string): Promise<void> => database.notify(ctx, accessChannel, payload),

    announceSigningKeys: (ctx: Context): Promise<void> => database.notify(ctx, accessChannel, 'signing-keys'),

    listen: (handler: (payload: string | null) => Promise<void>): Promise<() => Promise<void>> =>
      database.listen(accessChannel, handler),
  }
}

export interface LiveToken {
  id: string
  userId: string
  login: string
  name: string
  scopes: string[]
  allowedAddresses: string[]
  expiresAt: string | null
  /** Of the secret that came: the present one, or the one before it. */
  hash: Buffer
  /** When the secret from before the last rotation came, until when it works. */
  secretUntil: string | null
  groups: { id: string; permissions: string[] }[]
  /** The plugin that it was issued to; of a disabled one there are no scopes. */
  pluginId: string | null
}

export type TokenAccessRepo = ReturnType<typeof createTokenAccessRepo>

/** The read model behind every request with an API token: the token, its active owner and what they may do. */
export function createTokenAccessRepo(database: Database<Tables>) {
  return {
    /** Undefined when there is no such token or its owner is not active. Whether it is over, the caller sees. */
    find: (prefix: string): Promise<LiveToken | undefined> =>
      database.kysely
        .selectFrom('api_tokens')
        .innerJoin('users', 'users.id', 'api_tokens.user_id')
        .leftJoin('plugins', 'plugins.id', 'api_tokens.plugin_id')
        .select(
          sql<string[]>`case when plugins.state = 'inactive' then '{}' else api_tokens.scopes end`.as(
            'scopes',
          ),
        )
        .select([
          'api_tokens.id',
          'users.id as userId',
          'users.login',
          'api_tokens.name',
          'api_tokens.plugin_id as pluginId',
          'api_tokens.allowed_addresses as allowedAddresses',
          'api_tokens.expires_at as expiresAt',
        ])
        .select([
          sql<Buffer>`case when prefix = ${prefix} then hash else previous_hash end`.as('hash'),
          sql<string | null>`case when prefix = ${prefix} then null else previous_until end`.as(
            'secretUntil',
          ),
          sql<LiveToken['groups']>`(
            select coalesce(json_agg(json_build_object('id', groups.id, 'permissions', groups.permissions)), '[]')
            from user_groups join groups on groups.id = user_groups.group_id where user_groups.user_id = users.id
          )`.as('groups'),
        ])
        .where((where) => where.or([where('prefix', '=', prefix), where('previous_prefix', '=', prefix)]))
        .where('users.status', '=', 'active')
        .executeTakeFirst(),
  }
}
