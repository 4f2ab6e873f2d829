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
