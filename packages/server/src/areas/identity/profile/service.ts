import type { Me } from '@holdfast/contracts/identity/auth'
import type { ProfileChange } from '@holdfast/contracts/identity/profile'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context, UserActor } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import type { PasswordChanges } from '../passwords/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { PasswordTokens } from '../passwords/tokens.ts'
import type { Sessions } from '../sessions/service.ts'
import type { SignIn } from '../sign-in/service.ts'
import type { Accounts } from '../users/accounts.ts'
import { changedProperties, namesAfter } from '../users/rules.ts'
import { checkNames, checkPassword, invalidField, nameConflicts, withSession } from '../users/checks.ts'

/**
 * One's own user: name, login, e-mail and password, never groups or status. A new e-mail address needs the password, as
 * a new password does: whoever holds the address can have the password set anew. Who has none yet, because they sign in
 * through an account elsewhere, needs a fresh session instead. Events: user.updated.
 */
export interface Profile {
  /** Throws users.login_taken, users.email_taken, auth.password_wrong, auth.locked. */
  update(ctx: Context, change: ProfileChange): Promise<Me>
}

interface Needs {
  users: Pick<Accounts, 'findForUpdate' | 'credentialsOf' | 'update'>
  signIn: Pick<SignIn, 'me'>
  passwords: Pick<Passwords, 'hash'>
  passwordChanges: Pick<PasswordChanges, 'confirm' | 'set'>
  passwordTokens: Pick<PasswordTokens, 'endAllOf'>
  sessions: Pick<Sessions, 'startedAt'>
  access: Pick<Access, 'userChanged'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

/** A session is fresh this long after somebody signed in for it. */
const freshMs = 10 * 60_000

export function createProfile(needs: Needs): Profile {
  const { users, signIn, passwords, passwordChanges, passwordTokens, sessions, access } = needs
  const { database, audit, events, clock } = needs

  /** For a change of the address without the password. Throws unless there is none and the session is fresh. */
  async function checkFresh(tx: Context, { userId, sessionId }: UserActor): Promise<void> {
    const account = await users.credentialsOf(tx, userId)
    if (account === undefined || account.passwordHash !== null)
      throw invalidField('currentPassword', 'must be given when the e-mail address is changed')
    const startedAt = sessionId === null ? null : await sessions.startedAt(tx, sessionId)
    if (startedAt === null || clock.nowMs() - Date.parse(startedAt) >= freshMs)
      throw invalidField(
        'email',
        'can be changed in the first ten minutes after a sign-in only, because this user has no password; sign in again',
      )
  }

  return {
    async update(ctx, change) {
      // An address that a token could change would be a way to a new password.
      const actor = withSession(ctx)
      const { password } = change
      const currentPassword = change.currentPassword ?? change.current_password
      if (password !== undefined) checkPassword(password, actor.groupIds)
      if (currentPassword !== undefined) await passwordChanges.confirm(ctx, currentPassword)
      const passwordHash = password === undefined ? null : await passwords.hash(password)
      return database.transaction(ctx, async (tx) => {
        const before = await users.findForUpdate(tx, actor.userId)
        if (before === undefined) throw problem('auth.required')
        const names = namesAfter(before, { login: change.login ?? change.username, email: change.email })
        checkNames(names)
        const isReaddressed = names.email !== before.email
        if (isReaddressed && currentPassword === undefined) await checkFresh(tx, actor)
        const row = { ...names, ...(change.name !== undefined && { name: change.name }) }
        await nameConflicts(() => users.update(tx, actor.userId, row, clock.now()))
        if (isReaddressed) await passwordTokens.endAllOf(tx, actor.userId)
        if (passwordHash !== null) await passwordChanges.set(tx, actor.userId, passwordHash, actor.sessionId)
        await access.userChanged(tx, actor.userId)
        await events.append(tx, { type: 'user.updated', data: { id: actor.userId } })
        const after = await signIn.me(tx)
        const changed = [...changedProperties(before, after), ...(passwordHash === null ? [] : ['password'])]
        await audit.append(tx, {
          target: { type: 'user', id: actor.userId },
          details: { login: after.login, changed },
        })
        return after
      })
    },
  }
}
