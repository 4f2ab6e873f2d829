import type { User, UserStatus } from '@holdfast/contracts/identity/users'
import type { Database } from '@holdfast/database/database'
import { sql } from 'kysely'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { systemGroupIds } from '../groups/rules.ts'

export type UsersRepo = ReturnType<typeof createUsersRepo>

/** What signing in needs to know and nobody is shown. */
export interface Credentials {
  userId: string
  login: string
  email: string | null
  name: string
  status: UserStatus
  passwordHash: string | null
  organizationId: string
  /** Whether it was shown that the e-mail address is this person's. Anybody can type one in. */
  emailProven: boolean
}

export interface NewUserRow {
  id: string
  login: string
  email: string | null
  name: string
  status: UserStatus
  passwordHash: string | null
  organizationId: string
}

export interface UserRowChange {
  login?: string
  email?: string | null
  name?: string
  status?: UserStatus
  passwordHash?: string
  mustChangePassword?: boolean
}

export interface UserPage {
  search: string | null
  limit: number
  offset: number
  /** Only users made before this one. */
  beforeId: string | null
}

/** All SQL of users and of the groups they hold. */
export function createUsersRepo(database: Database<Tables>) {
  const select = (ctx: Pick<Context, 'tx'>) =>
    database
      .of(ctx)
      .selectFrom('users')
      .select([
        'id as _id',
        'id',
        'login',
        'login as username',
        'email',
        'name',
        sql<UserStatus>`status`.as('status'),
        'last_login_at as lastLoginAt',
        'created_at as createdAt',
        'updated_at as updatedAt',
      ])
      .select(
        sql<User['groupIds']>`(
          select coalesce(json_agg(json_build_object('_id', groups.id, 'id', groups.id, 'name', groups.name) order by groups.id), '[]')
          from user_groups join groups on groups.id = user_groups.group_id where user_groups.user_id = users.id
        )`.as('groupIds'),
      )

  const credentials = (ctx: Pick<Context, 'tx'>) =>
    database
      .of(ctx)
      .selectFrom('users')
      .select([
        'id as userId',
        'login',
        'email',
        'name',
        sql<UserStatus>`status`.as('status'),
        'password_hash as passwordHash',
        'default_organization_id as organizationId',
        sql<boolean>`email_proven_at is not null`.as('emailProven'),
      ])

  const searched = (search: string | null) => {
    if (search === null || search === '') return sql<boolean>`true`
    const part = `%${search.replace(/[\\%_]/g, (found) => `\\${found}`)}%`
    return sql<boolean>`(users.name ilike ${part} or users.login ilike ${part} or users.email ilike ${part} or users.status = ${search.toLowerCase()})`
  }

  return {
    find: (ctx: Context, id: string): Promise<User | undefined> =>
      select(ctx).where('id', '=', id).executeTakeFirst(),

    /** Locks the row until the transaction ends, so that checks on it stay true. */
    findForUpdate: (ctx: Context, id: string): Promise<User | undefined> =>
      select(ctx).where('id', '=', id).forUpdate().executeTakeFirst(),

    /** Newest first. */
    list: (ctx: Context, page: UserPage): Promise<User[]> => {
      let query = select(ctx).where(searched(page.search))
      if (page.beforeId !== null) query = query.where('id', '<', page.beforeId)
      return query.orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
    },

    async count(ctx: Context, search: string | null): Promise<number> {
      const row = await database
        .of(ctx)
        .selectFrom('users')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where(searched(search))
        .executeTakeFirstOrThrow()
      return row.total
    },

    /** By login or e-mail; both are stored in lower case and no login is another user's e-mail. */
    findCredentials: (ctx: Pick<Context, 'tx'>, identifier: string): Promise<Credentials | undefined> =>
      credentials(ctx)
        .where((where) => where.or([where('login', '=', identifier), where('email', '=', identifier)]))
        .executeTakeFirst(),

    credentialsOf: (ctx: Pick<Context, 'tx'>, id: string): Promise<Credentials | undefined> =>
      credentials(ctx).where('id', '=', id).executeTakeFirst(),

    /** The default organization of each of these users. */
    async organizationsOf(ctx: Pick<Context, 'tx'>, ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await credentials(ctx)
        .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
        .execute()
      return new Map(rows.map(({ userId, organizationId }) => [userId, organizationId]))
    },

    async mustChangePassword(ctx: Context, id: string): Promise<boolean> {
      const row = await database
        .of(ctx)
        .selectFrom('users')
        .select('must_change_password as must')
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.must ?? false
    },

    async insert(ctx: Context, user: NewUserRow, at: Date): Promise<void> {
      await database
        .of(ctx)
        .insertInto('users')
        .values({
          id: user.id,
          login: user.login,
          email: user.email,
          name: user.name,
          status: user.status,
          password_hash: user.passwordHash,
          default_organization_id: user.organizationId,
          last_login_at: null,
          created_at: at.toISOString(),
          updated_at: at.toISOString(),
        })
        .execute()
    },

    async update(ctx: Context, id: string, change: UserRowChange, at: Date): Promise<void> {
      await database
        .of(ctx)
        .updateTable('users')
        .set({
          ...(change.login !== undefined && { login: change.login }),
          ...(change.email !== undefined && {
            email: change.email,
            // Another address is again only what somebody typed in.
            email_proven_at: sql<
              string | null
            >`case when email is distinct from ${change.email} then null else email_proven_at end`,
          }),
          ...(change.name !== undefined && { name: change.name }),
          ...(change.status !== undefined && { status: change.status }),
          ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
          ...(change.mustChangePassword !== undefined && { must_change_password: change.mustChangePassword }),
          updated_at: at.toISOString(),
        })
        .where('id', '=', id)
        .execute()
    },

    /** Notes that `email` is this user's, when it is still the one they have. Answers whether that is new. */
    async proveEmail(ctx: Context, id: string, email: string, at: Date): Promise<boolean> {
      const { numUpdatedRows } = await database
        .of(ctx)
        .updateTable('users')
        .set({ email_proven_at: at.toISOString() })
        .where('id', '=', id)
        .where('email', '=', email)
        .where('email_proven_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },

    async recordSignIn(ctx: Context, id: string, at: Date, passwordHash: string | null): Promise<void> {
      await database
        .of(ctx)
        .updateTable('users')
        .set({
          last_login_at: at.toISOString(),
          ...(passwordHash !== null && { password_hash: passwordHash }),
        })
        .where('id', '=', id)
        .execute()
    },

    async remove(ctx: Context, id: string): Promise<void> {
      await database.of(ctx).deleteFrom('users').where('id', '=', id).execute()
    },

    async setGroups(ctx: Context, userId: string, groupIds: readonly string[]): Promise<void> {
      await database.of(ctx).deleteFrom('user_groups').where('user_id', '=', userId).execute()
      if (groupIds.length === 0) return
      await database
        .of(ctx)
        .insertInto('user_groups')
        .values(groupIds.map((groupId) => ({ user_id: userId, group_id: groupId })))
        .execute()
    },

    /**
     * How many active Super Admins there are besides `exceptId`. Locks the group row until the transaction ends, so
     * that two of them cannot remove each other at the same time.
     */
    async countOtherSuperAdmins(ctx: Context, exceptId: string): Promise<number> {
      await database
        .of(ctx)
        .selectFrom('groups')
        .select('id')
        .where('id', '=', systemGroupIds.superAdmin)
        .forUpdate()
        .execute()
      const row = await database
        .of(ctx)
        .selectFrom('user_groups')
        .innerJoin('users', 'users.id', 'user_groups.user_id')
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .where('user_groups.group_id', '=', systemGroupIds.superAdmin)
        .where('users.status', '=', 'active')
        .where('users.id', '!=', exceptId)
        .executeTakeFirstOrThrow()
      return row.total
    },
  }
}
