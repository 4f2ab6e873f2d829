import { z } from 'zod'
import { offsetPage } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { permissionNames } from '../permissions.ts'
import { Account, Message } from './auth-v1.ts'
import { Email, Login, NewPassword, PasswordChange, PersonName } from './users.ts'

/** Reference 004's view of users: bare answers in snake case. Administrators see everybody. */

const offsetQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  /** Part of a name, login or e-mail, or a status. */
  search: z.string().trim().max(200).optional(),
})
const UserParams = z.object({ id: Id })

export const getOwnUser = route({
  id: 'users.v1.me',
  method: 'GET',
  path: '/v1/users/me',
  summary: 'Get your own user',
  access: { signedIn: true },
  answers: { 200: Account.extend({ mfa_enabled: z.boolean(), permissions: z.array(z.string()) }) },
})

export const changeOwnPassword = route({
  id: 'users.v1.changePassword',
  method: 'POST',
  path: '/v1/users/me/password',
  summary: 'Change your own password; your other sessions end',
  access: { signedIn: true },
  limit: 'signIn',
  audit: 'password.changed',
  body: PasswordChange,
  answers: { 200: Message },
  problems: ['auth.password_wrong', 'auth.locked'],
})

export const listUsersV1 = route({
  id: 'users.v1.list',
  method: 'GET',
  path: '/v1/users',
  summary: 'List users',
  access: { admin: true },
  query: offsetQuery,
  answers: { 200: offsetPage(Account) },
})

export const createUserV1 = route({
  id: 'users.v1.create',
  method: 'POST',
  path: '/v1/users',
  summary: 'Create a user; without a password, invite one',
  access: { admin: true },
  audit: 'user.created',
  body: z.object({
    email: Email,
    password: NewPassword.optional(),
    name: PersonName.optional(),
    login: Login.optional(),
    role: z.enum(['admin', 'user']).default('user'),
  }),
  answers: {
    201: Account.extend({
      /** Sets the first password, once, through /v1/auth/reset-password. Only when the user is invited. */
      set_password_token: secret(z.string()).optional(),
    }),
  },
  problems: ['users.login_taken', 'users.email_taken'],
})

export const getUserV1 = route({
  id: 'users.v1.get',
  method: 'GET',
  path: '/v1/users/{id}',
  summary: 'Get a user',
  access: { admin: true },
  params: UserParams,
  answers: { 200: Account },
  problems: ['users.not_found'],
})

export const deleteUserV1 = route({
  id: 'users.v1.delete',
  method: 'DELETE',
  path: '/v1/users/{id}',
  summary: 'Delete a user',
  access: { admin: true },
  audit: 'user.deleted',
  params: UserParams,
  answers: { 200: Message },
  problems: [
    'users.not_found',
    'users.beyond_own_rights',
    'users.yourself_protected',
    'users.last_super_admin',
  ],
})

const PermissionEntry = z.object({ key: z.enum(permissionNames), description: z.string() })

export const listPermissions = route({
  id: 'permissions.list',
  method: 'GET',
  path: '/v1/permissions',
  summary: 'List all permissions, with what each allows',
  access: { signedIn: true },
  answers: { 200: offsetPage(PermissionEntry) },
})

export const listAdminUsers = route({
  id: 'users.v1.adminList',
  method: 'GET',
  path: '/v1/admin/users',
  summary: 'List users',
  access: { admin: true },
  query: offsetQuery,
  answers: { 200: offsetPage(Account) },
})

export const suspendUser = route({
  id: 'users.v1.suspend',
  method: 'POST',
  path: '/v1/admin/users/{id}/suspend',
  summary: 'Suspend a user; their sessions and tokens stop at once',
  access: { admin: true },
  audit: 'user.suspended',
  params: UserParams,
  answers: { 200: Account },
  problems: [
    'users.not_found',
    'users.beyond_own_rights',
    'users.yourself_protected',
    'users.last_super_admin',
  ],
})

export const unsuspendUser = route({
  id: 'users.v1.unsuspend',
  method: 'POST',
  path: '/v1/admin/users/{id}/unsuspend',
  summary: 'Lift the suspension of a user',
  access: { admin: true },
  audit: 'user.unsuspended',
  params: UserParams,
  answers: { 200: Account },
  problems: ['users.not_found', 'users.beyond_own_rights', 'users.not_suspended'],
})

export const userV1Routes = [
  getOwnUser,
  changeOwnPassword,
  listUsersV1,
  createUserV1,
  getUserV1,
  deleteUserV1,
  listPermissions,
  listAdminUsers,
  suspendUser,
  unsuspendUser,
] as const
