import { problem } from '@holdfast/contracts/problems'
import { isUniqueViolation } from '@holdfast/database/errors'
import type { Context, UserActor } from '../../../context.ts'
import { isOwnName, passwordLengthMin } from './rules.ts'

/** Refusals that users, profile and registration share. */

/** Throws unless a login that looks like an address is the user's own. */
export function checkNames(names: { login: string; email: string | null }): void {
  if (isOwnName(names)) return
  throw invalidField(
    'login',
    'looks like an e-mail address but is not the one of this user; use the same one or another login',
  )
}

/** Throws when the password is too short for who holds these groups. */
export function checkPassword(password: string | undefined, groupIds: readonly string[]): void {
  const lengthMin = passwordLengthMin(groupIds)
  if (password !== undefined && password.length < lengthMin) {
    throw invalidField('password', `must have at least ${lengthMin} characters for an administrator`)
  }
}

/** The problem for one bad field of a body that the schema alone cannot see. */
export function invalidField(field: string, message: string) {
  return problem('request.invalid', {
    sentence: `The field ${field} is not valid: ${message}.`,
    details: [{ path: `body.${field}`, message }],
  })
}

/** Turns the database's refusal of a name into the problem that says which. */
export async function nameConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUniqueViolation(error, 'users_login')) throw problem('users.login_taken', { cause: error })
    if (isUniqueViolation(error, 'users_email')) throw problem('users.email_taken', { cause: error })
    throw error
  }
}

/** The caller, when they came with a session: what is about signing in itself no token may change. */
export function withSession({ actor }: Context): UserActor {
  if (actor.kind !== 'user') throw problem('auth.required')
  if (actor.token !== undefined) throw problem('auth.session_required')
  return actor
}
