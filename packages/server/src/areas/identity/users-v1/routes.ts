import {
  changeOwnPassword,
  createUserV1,
  deleteUserV1,
  getOwnUser,
  getUserV1,
  listAdminUsers,
  listPermissions,
  listUsersV1,
  suspendUser,
  unsuspendUser,
} from '@holdfast/contracts/identity/users-v1'
import type { User } from '@holdfast/contracts/identity/users'
import { permissionCatalogue, permissionNames } from '@holdfast/contracts/permissions'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { systemGroupIds } from '../groups/rules.ts'
import type { Mfa } from '../mfa/service.ts'
import type { PasswordChanges } from '../passwords/service.ts'
import type { SignIn } from '../sign-in/service.ts'
import type { Accounts } from '../users/accounts.ts'
import { accountOf } from '../users/rules.ts'
import type { Users } from '../users/service.ts'

interface Needs {
  users: Users
  accounts: Pick<Accounts, 'organizationsOf'>
  signIn: Pick<SignIn, 'me'>
  mfa: Pick<Mfa, 'isEnabled'>
  passwordChanges: Pick<PasswordChanges, 'changeOwn'>
}

/** Reference 004's view of users. */
export function bindUsersV1(needs: Needs): BoundRoute[] {
  const { users, accounts, signIn, mfa, passwordChanges } = needs

  async function accountsOf(ctx: Context, list: readonly User[]) {
    const organizations = await accounts.organizationsOf(
      ctx,
      list.map(({ id }) => id),
    )
    return list.map((user) => accountOf(user, organizations.get(user.id) ?? ''))
  }

  async function accountFor(ctx: Context, user: User) {
    const [account] = await accountsOf(ctx, [user])
    if (account === undefined) throw problem('users.not_found')
    return account
  }

  async function page(
    ctx: Context,
    { limit, offset, search }: { limit: number; offset: number; search?: string | undefined },
  ) {
    const { users: rows, total } = await users.listFrom(ctx, { limit, offset, search })
    return { data: await accountsOf(ctx, rows), total, limit, offset }
  }

  return [
    handle(getOwnUser, async (ctx) => {
      const me = await signIn.me(ctx)
      const mfaEnabled = await mfa.isEnabled(ctx, me.id)
      return { ...accountOf(me, me.tenantId), mfa_enabled: mfaEnabled, permissions: me.permissions }
    }),
    handle(changeOwnPassword, async (ctx, { body }) => {
      const current = body.current_password ?? body.currentPassword ?? ''
      await passwordChanges.changeOwn(ctx, current, body.new_password ?? body.newPassword ?? '')
      return { message: 'Password changed' }
    }),
    handle(listUsersV1, async (ctx, { query }) => page(ctx, query)),
    handle(createUserV1, async (ctx, { body: { role, ...body } }) => {
      const groupIds = [role === 'admin' ? systemGroupIds.admin : systemGroupIds.user]
      const { user, setPasswordToken } = await users.create(ctx, { ...body, groupIds })
      const account = await accountFor(ctx, user)
      return { ...account, ...(setPasswordToken !== null && { set_password_token: setPasswordToken }) }
    }),
    handle(getUserV1, async (ctx, { params }) => accountFor(ctx, await users.get(ctx, params.id))),
    handle(deleteUserV1, async (ctx, { params }) => {
      await users.remove(ctx, params.id)
      return { message: 'User deleted' }
    }),
    handle(listPermissions, async () => {
      const data = permissionNames.map((key) => ({ key, description: permissionCatalogue[key] }))
      return { data, total: data.length, limit: data.length, offset: 0 }
    }),
    handle(listAdminUsers, async (ctx, { query }) => page(ctx, query)),
    handle(suspendUser, async (ctx, { params }) =>
      accountFor(ctx, await users.update(ctx, params.id, { status: 'suspended' })),
    ),
    handle(unsuspendUser, async (ctx, { params }) => accountFor(ctx, await users.unsuspend(ctx, params.id))),
  ]
}
