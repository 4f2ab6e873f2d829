import type { Me } from '@holdfast/contracts/identity/auth'
import type { User } from '@holdfast/contracts/identity/users'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Activity } from '../../platform/activity/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Lockout } from '../lockout/service.ts'
import type { Mfa } from '../mfa/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SessionCredentials, Sessions } from '../sessions/service.ts'
import type { Accounts, Credentials } from '../users/accounts.ts'
import { actingAs, roleOf } from '../users/rules.ts'

/**
 * Signing in with a password. Unknown user, wrong password and a user without a password cost one hash each and answer
 * the same; whether an account is inactive is told only to who knows its password.
 */
export interface SignIn {
  /** Throws auth.credentials_invalid, auth.account_inactive, auth.account_suspended, auth.locked. */
  withPassword(ctx: Context, identifier: string, password: string): Promise<SignedInUser | AwaitsSecondFactor>
  /**
   * Finishes what `withPassword` began. Throws mfa.challenge_invalid, mfa.challenge_refused, auth.account_inactive,
   * auth.locked.
   */
  withCode(ctx: Context, challengeToken: string, code: string): Promise<SignedInUser>
  /**
   * Signs in a user whom somebody else vouches for, in `ctx.tx`; their second factor is still asked for. Throws
   * auth.account_inactive.
   */
  vouchedFor(
    ctx: Context,
    userId: string,
    by: string,
  ): Promise<() => Promise<SignedInUser | AwaitsSecondFactor>>
  /** Does the work of a sign-in; when it is refused, the activity log says so. */
  notingRefusal<T>(ctx: Context, work: () => Promise<T>): Promise<T>
  /** Opens a session for a user who has proved themselves in another way. In `ctx.tx`, without an audit entry. */
  open(ctx: Context, userId: string): Promise<() => Promise<SignedInUser>>
  /** Who the caller is, with what they may do. */
  me(ctx: Context): Promise<Me>
}

export interface SignedInUser {
  user: User
  organizationId: string
  credentials: SessionCredentials
}

export interface AwaitsSecondFactor {
  challengeToken: string
}

interface Needs {
  mfa: Pick<Mfa, 'isEnabled' | 'challenge' | 'answer'>
  users: Pick<Accounts, 'find' | 'findCredentials' | 'credentialsOf' | 'recordSignIn' | 'mustChangePassword'>
  passwords: Passwords
  sessions: Pick<Sessions, 'open' | 'credentials'>
  lockout: Pick<Lockout, 'guard'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  activity: Pick<Activity, 'recordFor'>
  clock: Clock
}

export function createSignIn({
  mfa,
  users,
  passwords,
  sessions,
  lockout,
  database,
  audit,
  activity,
  clock,
}: Needs): SignIn {
  async function check(ctx: Context, identifier: string, password: string): Promise<Credentials | null> {
    const found = await users.findCredentials(ctx, identifier)
    const matches = await passwords.matches(password, found?.passwordHash ?? null)
    return matches && found !== undefined ? found : null
  }

  async function open(ctx: Context, userId: string, passwordHash: string | null = null) {
    await users.recordSignIn(ctx, userId, clock.now(), passwordHash)
    const session = await sessions.open(ctx, userId)
    const user = await users.find(ctx, userId)
    const account = await users.credentialsOf(ctx, userId)
    if (user === undefined || account === undefined) throw problem('auth.credentials_invalid')
    return {
      sessionId: session.sessionId,
      // Signing is slow work: it waits until the transaction is over.
      finish: async () => ({
        user,
        organizationId: account.organizationId,
        credentials: await sessions.credentials(session),
      }),
    }
  }

  /** Opens the session, with its audit entry, in `ctx.tx`. */
  async function enter(
    ctx: Context,
    { userId, login }: Credentials,
    details: Record<string, unknown> = {},
    passwordHash: string | null = null,
  ) {
    const opened = await open(ctx, userId, passwordHash)
    await audit.append(actingAs(ctx, { userId, login, sessionId: opened.sessionId }), {
      action: 'session.created',
      target: { type: 'session', id: opened.sessionId },
      details: { login, ...details },
    })
    return async () => {
      activity.recordFor(ctx, {
        action: 'login',
        message: `${login} signed in`,
        userId,
        login,
        statusCode: 200,
      })
      return opened.finish()
    }
  }

  /** Enters, or asks for the second factor first, in `ctx.tx`. */
  async function proceed(
    ctx: Context,
    account: Credentials,
    passwordHash: string | null,
    details: Record<string, unknown> = {},
  ): Promise<() => Promise<SignedInUser | AwaitsSecondFactor>> {
    const { userId, login } = account
    if (!(await mfa.isEnabled(ctx, userId))) return enter(ctx, account, details, passwordHash)
    const challengeToken = await mfa.challenge(ctx, userId)
    await audit.append(actingAs(ctx, { userId, login }), {
      action: 'mfa.challenged',
      target: { type: 'user', id: userId },
      details: { login, ...details },
    })
    return async () => ({ challengeToken })
  }

  async function notingRefusal<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isProblem(error) && error.status < 500) {
        const { code, status } = error
        // The name is not recorded: people type passwords into the wrong field.
        const message = 'A sign-in was refused'
        activity.recordFor(ctx, { action: 'login_failed', message, statusCode: status, details: { code } })
      }
      throw error
    }
  }

  return {
    notingRefusal,

    withPassword: (ctx, identifier, password) =>
      notingRefusal(ctx, async () => {
        const account = await lockout.guard(ctx, identifier, () => check(ctx, identifier, password))
        if (account === null) throw problem('auth.credentials_invalid')
        refuseInactive(account)
        const outdated = account.passwordHash !== null && passwords.isOutdated(account.passwordHash)
        const better = outdated ? await passwords.hash(password) : null
        const finish = await database.transaction(ctx, (tx) => proceed(tx, account, better))
        return finish()
      }),

    withCode: (ctx, challengeToken, code) =>
      notingRefusal(ctx, async () => {
        const finish = await mfa.answer(ctx, challengeToken, code, async (tx, userId) => {
          const account = await users.credentialsOf(tx, userId)
          if (account?.status !== 'active') throw problem('auth.account_inactive')
          return enter(tx, account, { secondFactor: true })
        })
        return finish()
      }),

    async vouchedFor(ctx, userId, by) {
      const account = await users.credentialsOf(ctx, userId)
      if (account?.status !== 'active') throw problem('auth.account_inactive')
      return proceed(ctx, account, null, { through: by })
    },

    open: async (ctx, userId) => (await open(ctx, userId)).finish,

    async me(ctx) {
      const { actor } = ctx
      if (actor.kind !== 'user') throw problem('auth.required')
      const [user, account, mustChange] = await Promise.all([
        users.find(ctx, actor.userId),
        users.credentialsOf(ctx, actor.userId),
        users.mustChangePassword(ctx, actor.userId),
      ])
      if (user === undefined || account === undefined) throw problem('auth.required')
      return {
        ...user,
        permissions: [...actor.permissions].sort(),
        isAdmin: actor.isAdmin,
        role: roleOf(actor.groupIds),
        must_change_password: mustChange,
        tenantId: account.organizationId,
      }
    },
  }
}

function refuseInactive({ status }: Credentials): void {
  if (status === 'suspended') throw problem('auth.account_suspended')
  if (status !== 'active') throw problem('auth.account_inactive')
}
