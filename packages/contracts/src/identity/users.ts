import { z } from 'zod'
import { Done, ok, PageMeta, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'

/** A login: no spaces or control characters; stored in lower case. One that holds an @ must be the user's own e-mail. */
export const Login = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'must not be empty')
  .max(254, 'must have at most 254 characters')
  .regex(/^[^\s\p{C}]+$/u, 'must not contain spaces')

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must have at most 254 characters')
  .pipe(z.email('must be an e-mail address'))

export const PersonName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(120, 'must have at most 120 characters')

/** A password that is being set. Administrators need ten characters; the server checks that where it knows the groups. */
export const NewPassword = secret(
  z.string().min(8, 'must have at least 8 characters').max(200, 'must have at most 200 characters'),
)
export const AdminPassword = secret(
  z
    .string()
    .min(10, 'must have at least 10 characters for an administrator')
    .max(200, 'must have at most 200 characters'),
)
/** A password that is being checked: any text, bounded so that hashing it stays cheap. */
export const GivenPassword = secret(
  z.string().min(1, 'must not be empty').max(200, 'must have at most 200 characters'),
)

/** A new password for oneself; both spellings of the references. */
export const PasswordChange = z
  .object({
    current_password: GivenPassword.optional(),
    currentPassword: GivenPassword.optional(),
    new_password: NewPassword.optional(),
    newPassword: NewPassword.optional(),
  })
  .refine((body) => (body.current_password ?? body.currentPassword) !== undefined, {
    path: ['current_password'],
    message: 'must be given',
  })
  .refine((body) => (body.new_password ?? body.newPassword) !== undefined, {
    path: ['new_password'],
    message: 'must be given',
  })

export const userStatuses = ['active', 'inactive', 'suspended', 'invited'] as const
export type UserStatus = (typeof userStatuses)[number]

export const GroupReference = z.object({ _id: Id, id: Id, name: z.string() }).meta({ id: 'GroupReference' })

export const User = z
  .object({
    _id: Id,
    id: Id,
    login: z.string(),
    /** The same value as `login`, for clients of references 001 and 003. */
    username: z.string(),
    email: z.string().nullable(),
    name: z.string(),
    status: z.enum(userStatuses),
    groupIds: z.array(GroupReference),
    lastLoginAt: Timestamp.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'User' })
export type User = z.output<typeof User>

/** `username` is another name of `login`; one of them, not both with different values. */
export function loginNames(body: { login?: string | undefined; username?: string | undefined }) {
  return body.login === undefined || body.username === undefined || body.login === body.username
}
const loginNamesMessage = { path: ['username'], message: 'is another name of login; send one of them' }

const GroupIds = z
  .array(Id)
  .max(50, 'must name at most 50 groups')
  .transform((ids) => [...new Set(ids)])

const UserFields = {
  login: Login.optional(),
  username: Login.optional(),
  name: PersonName.optional(),
  status: z.enum(userStatuses).optional(),
  groupIds: GroupIds.optional(),
}

const UserBody = z
  .object({ ...UserFields, email: Email.optional(), password: NewPassword.optional() })
  .refine(loginNames, loginNamesMessage)
  .refine((body) => body.login !== undefined || body.username !== undefined || body.email !== undefined, {
    path: ['login'],
    message: 'must be given, as login or username',
  })
  .refine((body) => body.password !== undefined || body.status === undefined || body.status === 'invited', {
    path: ['status'],
    message: 'can only be chosen together with a password; without one the user is invited',
  })
  .refine((body) => body.password === undefined || body.status !== 'invited', {
    path: ['status'],
    message: 'cannot be invited when a password is given',
  })
export type UserBody = z.output<typeof UserBody>

const UserChange = z
  .object({ ...UserFields, email: Email.nullable().optional(), password: NewPassword.optional() })
  .refine(loginNames, loginNamesMessage)
export type UserChange = z.output<typeof UserChange>

const UserParams = z.object({ id: Id })
const IdQuery = z.object({ id: Id.optional() })
const userProblems = [
  'users.not_found',
  'users.login_taken',
  'users.email_taken',
  'users.beyond_own_rights',
  'groups.beyond_own_rights',
  'users.yourself_protected',
  'users.last_super_admin',
  'users.password_missing',
] as const

export const listUsers = route({
  id: 'users.list',
  method: 'GET',
  path: '/api/users',
  summary: 'List users',
  access: { permission: ['view', 'manage_users'] },
  query: z
    .object({
      page: z.coerce.number().int().min(1).max(100_000).optional(),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(200)
        .optional()
        .describe('Without it, the setting `usersPerPage`.'),
      /** Part of a name, login or e-mail, or a status. */
      search: z.string().trim().max(200).optional(),
      /** `next_cursor` of the answer before; not together with `page`. */
      cursor: z.string().max(200).optional(),
    })
    .refine(({ page, cursor }) => page === undefined || cursor === undefined, {
      path: ['cursor'],
      message: 'cannot be used together with page',
    }),
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(User),
      meta: PageMeta,
      next_cursor: z.string().nullable(),
    }),
  },
})

export const getUser = route({
  id: 'users.get',
  method: 'GET',
  path: '/api/users/{id}',
  summary: 'Get a user',
  access: { permission: ['view', 'manage_users'] },
  params: UserParams,
  answers: { 200: ok(User) },
  problems: ['users.not_found'],
})

export const createUser = route({
  id: 'users.create',
  method: 'POST',
  path: '/api/users',
  summary: 'Create a user; without a password, invite one',
  access: { permission: 'manage_users' },
  audit: 'user.created',
  body: UserBody,
  answers: {
    201: z.object({
      success: z.literal(true),
      data: User,
      /** Sets the first password, once, through /api/auth/reset-password. Only when the user is invited. */
      setPasswordToken: secret(z.string()).optional(),
    }),
  },
  problems: ['users.login_taken', 'users.email_taken', 'groups.beyond_own_rights'],
})

export const updateUser = route({
  id: 'users.update',
  method: 'PUT',
  path: '/api/users/{id}',
  summary: 'Change a user',
  access: { permission: 'manage_users' },
  audit: 'user.updated',
  params: UserParams,
  body: UserChange,
  answers: { 200: ok(User) },
  problems: userProblems,
})

export const patchUser = route({
  id: 'users.patch',
  method: 'PATCH',
  path: '/api/users/{id}',
  summary: 'Change parts of a user',
  access: { permission: 'manage_users' },
  audit: 'user.updated',
  params: UserParams,
  body: UserChange,
  answers: { 200: ok(User) },
  problems: userProblems,
})

export const updateNamedUser = route({
  id: 'users.updateNamed',
  method: 'PUT',
  path: '/api/users',
  summary: 'Change the user whose id is in the body or the query',
  access: { permission: 'manage_users' },
  audit: 'user.updated',
  query: IdQuery,
  body: UserChange.safeExtend({ id: Id.optional() }),
  answers: { 200: ok(User) },
  problems: userProblems,
})

const deleteProblems = [
  'users.not_found',
  'users.beyond_own_rights',
  'users.yourself_protected',
  'users.last_super_admin',
] as const

export const deleteUser = route({
  id: 'users.delete',
  method: 'DELETE',
  path: '/api/users/{id}',
  summary: 'Delete a user',
  access: { permission: 'manage_users' },
  audit: 'user.deleted',
  params: UserParams,
  answers: { 200: Done },
  problems: deleteProblems,
})

export const deleteNamedUser = route({
  id: 'users.deleteNamed',
  method: 'DELETE',
  path: '/api/users',
  summary: 'Delete the user whose id is in the body or the query',
  access: { permission: 'manage_users' },
  audit: 'user.deleted',
  query: IdQuery,
  body: z.object({ id: Id.optional() }),
  answers: { 200: Done },
  problems: deleteProblems,
})

export const userRoutes = [
  listUsers,
  getUser,
  createUser,
  updateNamedUser,
  updateUser,
  patchUser,
  deleteNamedUser,
  deleteUser,
] as const
