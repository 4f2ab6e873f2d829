import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Lockout } from '../lockout/service.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Sessions } from '../sessions/service.ts'
import type { Accounts } from '../users/accounts.ts'
import { actingAs, passwordLengthMin } from '../users/rules.ts'
import { resetMessage } from './messages.ts'
import type { Passwords } from './passwords.ts'
import type { PasswordTokens } from './tokens.ts'

/**
 * Setting passwords: one's own, and with a token from a link or an invitation.
 *
 * Invariants: a token works once, also for two who use it at the same time; a new password ends every other session of
 * its user, every token and a lockout. Asking for a link tells nobody whether the account exists: the same answer at the
 * same speed, because everything about the account happens afterwards. A link that was sent by e-mail shows that the
 * address is its user's; until then others may have had the account, so their ways into it end.
 * Events: user.password_changed.
 */
export interface PasswordChanges {
  /** Whether this is the caller's password; counted against guessing. Throws auth.password_wrong, auth.locked. */
  confirm(ctx: Context, password: string): Promise<void>
  /** Throws auth.password_wrong, auth.locked. The caller's own session goes on. */
  changeOwn(ctx: Context, current: string, next: string): Promise<void>
  /** In `ctx.tx`, after `confirm`. */
  set(ctx: Context, userId: string, passwordHash: string, keptSessionId: string | null): Promise<void>
  /** Throws mail.not_configured, for everyone alike. */
  requestReset(ctx: Context, identifier: string): Promise<void>
  /** What `requestReset` leaves for later: looks the account up and sends the link. */
  sendLink(ctx: Context, identifier: string): Promise<void>
  /** Throws auth.reset_token_invalid. */
  reset(ctx: Context, token: string, next: string): Promise<void>
  /** For operators: the link that an e-mail would carry. Throws users.not_found. */
  createResetLink(ctx: Context, identifier: string): Promise<string>
}

interface Needs {
  users: Pick<Accounts, 'find' | 'findCredentials' | 'credentialsOf' | 'proveEmail' | 'update'>
  passwords: Pick<Passwords, 'hash' | 'matches'>
  tokens: PasswordTokens
  sessions: Pick<Sessions, 'endAllOf'>
  lockout: Pick<Lockout, 'guard' | 'lift'>
  mailer: Mailer | null
  /** In `ctx.tx`: removes linked accounts and API tokens. */
  removeOtherWaysIn: (ctx: Context, userId: string) => Promise<void>
  /** Does `sendLink` in the background once `ctx.tx` has committed. */
  later: (ctx: Context, identifier: string) => Promise<void>
  /** Under which address people reach the console, and what it is called. */
  place: (ctx: Context) => Promise<{ url: string; appName: string }>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createPasswordChanges(needs: Needs): PasswordChanges {
  const {
    users,
    passwords,
    tokens,
    sessions,
    lockout,
    mailer,
    removeOtherWaysIn,
    later,
    place,
    database,
    audit,
    events,
    clock,
  } = needs

  async function confirm(ctx: Context, password: string): Promise<void> {
    const { actor } = ctx
    if (actor.kind !== 'user') throw problem('auth.required')
    const right = await lockout.guard(ctx, actor.login, async () => {
      const account = await users.credentialsOf(ctx, actor.userId)
      return (await passwords.matches(password, account?.passwordHash ?? null)) || null
    })
    if (right === null) throw problem('auth.password_wrong')
  }

  async function set(
    ctx: Context,
    userId: string,
    passwordHash: string,
    keptSessionId: string | null,
  ): Promise<void> {
    const account = (await users.credentialsOf(ctx, userId)) ?? raise('users.not_found')
    // Whoever was invited has proved with the token that they are meant.
    const status = account.status === 'invited' ? { status: 'active' as const } : {}
    await users.update(ctx, userId, { passwordHash, mustChangePassword: false, ...status }, clock.now())
    await tokens.endAllOf(ctx, userId)
    await sessions.endAllOf(ctx, userId, 'password changed', keptSessionId)
    await lockout.lift(ctx, account.email === null ? [account.login] : [account.login, account.email])
    await events.append(ctx, { type: 'user.password_changed', data: { id: userId } })
  }

  async function checkLength(ctx: Context, userId: string, password: string): Promise<void> {
    const user = (await users.find(ctx, userId)) ?? raise('users.not_found')
    const lengthMin = passwordLengthMin(user.groupIds.map(({ id }) => id))
    if (password.length >= lengthMin) return
    const message = `must have at least ${lengthMin} characters for an administrator`
    throw problem('request.invalid', {
      sentence: `The new password ${message}.`,
      details: [{ path: 'body.password', message }],
    })
  }

  async function link(ctx: Context, userId: string, mailedTo: string | null): Promise<string> {
    const token = await tokens.issue(ctx, userId, 'reset', mailedTo)
    return `${(await place(ctx)).url}/reset-password?token=${token}`
  }

  return {
    confirm,
    set,

    async changeOwn(ctx, current, next) {
      await confirm(ctx, current)
      const { actor } = ctx
      if (actor.kind !== 'user') throw problem('auth.required')
      await checkLength(ctx, actor.userId, next)
      const passwordHash = await passwords.hash(next)
      await database.transaction(ctx, async (tx) => {
        await set(tx, actor.userId, passwordHash, actor.sessionId)
        await audit.append(tx, {
          target: { type: 'user', id: actor.userId },
          details: { login: actor.login },
        })
      })
    },

    async requestReset(ctx, identifier) {
      if (mailer === null) throw problem('mail.not_configured', { retryAfterSeconds: 3_600 })
      await database.transaction(ctx, async (tx) => {
        await later(tx, identifier)
        await audit.append(tx, { target: { type: 'user', id: null }, details: { identifier } })
      })
    },

    async sendLink(ctx, identifier) {
      const account = await users.findCredentials(ctx, identifier)
      const reachable =
        account !== undefined && account.email !== null && ['active', 'invited'].includes(account.status)
      if (!reachable || mailer === null) return
      const { appName } = await place(ctx)
      const address = await database.transaction(ctx, (tx) => link(tx, account.userId, account.email))
      await mailer.send({
        to: account.email ?? '',
        ...resetMessage({ name: account.name, appName, link: address }),
      })
    },

    async reset(ctx, token, next) {
      const passwordHash = await passwords.hash(next)
      await database.transaction(ctx, async (tx) => {
        const { userId, mailedTo } = (await tokens.use(tx, token)) ?? raise('auth.reset_token_invalid')
        await checkLength(tx, userId, next)
        await set(tx, userId, passwordHash, null)
        const isProof = mailedTo !== null && (await users.proveEmail(tx, userId, mailedTo, clock.now()))
        if (isProof) await removeOtherWaysIn(tx, userId)
        const { login } = (await users.credentialsOf(tx, userId)) ?? raise('users.not_found')
        await audit.append(actingAs(tx, { userId, login }), {
          target: { type: 'user', id: userId },
          details: { login, ...(isProof && { emailProven: true }) },
        })
      })
    },

    createResetLink: (ctx, identifier) =>
      database.transaction(ctx, async (tx) => {
        const account = await users.findCredentials(tx, identifier)
        if (account === undefined) {
          throw problem('users.not_found', {
            sentence: `Nobody signs in as ${identifier}. Check the spelling.`,
          })
        }
        const address = await link(tx, account.userId, null)
        await audit.append(tx, {
          action: 'password.reset_link_created',
          target: { type: 'user', id: account.userId },
          details: { login: account.login },
        })
        return address
      }),
  }
}

function raise(code: Parameters<typeof problem>[0]): never {
  throw problem(code)
}
