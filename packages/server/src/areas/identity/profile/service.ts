import type { Me } from '@holdfast/contracts/identity/auth'
import type { ProfileChange } from '@holdfast/contracts/identity/profile'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import type { PasswordChanges } from '../passwords/service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SignIn } from '../sign-in/service.ts'
import type { Accounts } from '../users/accounts.ts'
import { changedProperties, namesAfter } from '../users/rules.ts'
import { checkNames, checkPassword, nameConflicts, withSession } from '../users/checks.ts'

/** One's own user: name, login, e-mail and password, never groups or status. Events: user.updated. */
export interface Profile {
  /** Throws users.login_taken, users.email_taken, auth.password_wrong, auth.locked. */
  update(ctx: Context, change: ProfileChange): Promise<Me>
}

interface Needs {
  users: Pick<Accounts, 'findForUpdate' | 'update'>
  signIn: Pick<SignIn, 'me'>
  passwords: Pick<Passwords, 'hash'>
  passwordChanges: Pick<PasswordChanges, 'confirm' | 'set'>
  access: Pick<Access, 'userChanged'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createProfile(needs: Needs): Profile {
  const { users, signIn, passwords, passwordChanges, access, database, audit, events, clock } = needs
  return {
    async update(ctx, change) {
      // An address that a token could change would be a way to a new password.
      const actor = withSession(ctx)
      const { password } = change
      if (password !== undefined) {
        checkPassword(password, actor.groupIds)
        await passwordChanges.confirm(ctx, change.currentPassword ?? change.current_password ?? '')
      }
      const passwordHash = password === undefined ? null : await passwords.hash(password)
      return database.transaction(ctx, async (tx) => {
        const before = await users.findForUpdate(tx, actor.userId)
        if (before === undefined) throw problem('auth.required')
        const names = namesAfter(before, { login: change.login ?? change.username, email: change.email })
        checkNames(names)
        const row = { ...names, ...(change.name !== undefined && { name: change.name }) }
        await nameConflicts(() => users.update(tx, actor.userId, row, clock.now()))
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
