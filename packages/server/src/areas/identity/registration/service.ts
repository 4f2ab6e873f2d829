import type { User } from '@holdfast/contracts/identity/users'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import { systemGroupIds } from '../groups/rules.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { SignedInUser, SignIn } from '../sign-in/service.ts'
import { actingAs, isOwnName } from '../users/rules.ts'
import type { Users } from '../users/service.ts'

/** Registration: a person makes their own account, in the group User, with an organization and its gateway key. */
export interface Registration {
  /** Throws auth.registration_disabled, users.login_taken, users.email_taken. */
  register(ctx: Context, person: NewPerson): Promise<Registered>
}

export interface NewPerson {
  login?: string | undefined
  email: string
  name: string
  password: string
}

export interface Registered {
  user: User
  organizationId: string
  /** Shown once. */
  gatewayApiKey: string
  signedIn: SignedInUser
}

interface Needs {
  users: Pick<Users, 'insert'>
  passwords: Pick<Passwords, 'hash'>
  signIn: Pick<SignIn, 'open'>
  enabled: () => boolean
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
}

export function createRegistration({
  users,
  passwords,
  signIn,
  enabled,
  database,
  audit,
}: Needs): Registration {
  return {
    async register(ctx, { email, name, password, login = email }) {
      if (!enabled()) throw problem('auth.registration_disabled')
      if (!isOwnName({ login, email })) throw foreignLogin()
      const passwordHash = await passwords.hash(password)
      const { finish, ...registered } = await database.transaction(ctx, async (tx) => {
        const row = {
          login,
          email,
          name,
          status: 'active' as const,
          passwordHash,
          groupIds: [systemGroupIds.user],
        }
        const { user, organizationId, gatewayApiKey } = await users.insert(tx, row, { gatewayKey: true })
        const open = await signIn.open(tx, user.id)
        await audit.append(actingAs(tx, { userId: user.id, login }), {
          target: { type: 'user', id: user.id },
          details: { login },
        })
        return { user, organizationId, gatewayApiKey: gatewayApiKey ?? '', finish: open }
      })
      return { ...registered, signedIn: await finish() }
    },
  }
}

function foreignLogin() {
  const message = 'looks like an e-mail address other than your own; use your own or another login'
  return problem('request.invalid', {
    sentence: `The field login is not valid: it ${message}.`,
    details: [{ path: 'body.login', message }],
  })
}
