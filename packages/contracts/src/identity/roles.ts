import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { type Permission, permissionNames } from '../permissions.ts'

/** Reference 001's view of groups: a role is a group, its traits are permissions. */

export const Role = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    /** The same as `permissions`. */
    traits: z.array(z.string()),
    system: z.boolean(),
    /** How many users hold it. */
    user_count: z.int(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: 'Role' })
export type Role = z.output<typeof Role>

const Permissions = z
  .array(z.enum(permissionNames, `must be one of ${permissionNames.join(', ')}`))
  .max(100)
  .transform((names) => [...new Set(names)])

const RoleChange = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(80).optional(),
  description: z.string().max(500).optional(),
  permissions: Permissions.optional(),
  traits: Permissions.optional(),
})
const oneOfThem = (body: { permissions?: Permission[] | undefined; traits?: Permission[] | undefined }) =>
  body.permissions === undefined || body.traits === undefined
const oneOfThemMessage = { path: ['traits'], message: 'is another name of permissions; send one of them' }

const read = { permission: ['view', 'manage_users'] } as const
const write = { permission: 'manage_users' } as const
const RoleParams = z.object({ id: Id })

export const listRoles = route({
  id: 'roles.list',
  method: 'GET',
  path: '/api/roles',
  summary: 'List roles',
  access: read,
  answers: { 200: ok(z.array(Role)) },
})

export const getRole = route({
  id: 'roles.get',
  method: 'GET',
  path: '/api/roles/{id}',
  summary: 'Get a role',
  access: read,
  params: RoleParams,
  answers: { 200: ok(Role) },
  problems: ['roles.not_found'],
})

export const createRole = route({
  id: 'roles.create',
  method: 'POST',
  path: '/api/roles',
  summary: 'Create a role',
  access: write,
  audit: 'group.created',
  body: RoleChange.safeExtend({ name: RoleChange.shape.name.unwrap() }).refine(oneOfThem, oneOfThemMessage),
  answers: { 201: ok(Role) },
  problems: ['groups.name_taken', 'groups.beyond_own_rights'],
})

export const updateRole = route({
  id: 'roles.update',
  method: 'PUT',
  path: '/api/roles/{id}',
  summary: 'Change a role',
  access: write,
  audit: 'group.updated',
  params: RoleParams,
  body: RoleChange.refine(oneOfThem, oneOfThemMessage),
  answers: { 200: ok(Role) },
  problems: ['roles.not_found', 'groups.name_taken', 'groups.system_protected', 'groups.beyond_own_rights'],
})

export const deleteRole = route({
  id: 'roles.delete',
  method: 'DELETE',
  path: '/api/roles/{id}',
  summary: 'Delete a role that nobody holds',
  access: write,
  audit: 'group.deleted',
  params: RoleParams,
  answers: { 200: Done },
  problems: ['roles.not_found', 'roles.assigned', 'groups.system_protected', 'groups.beyond_own_rights'],
})

const UserParams = z.object({ id: Id })

export const getUserRoles = route({
  id: 'roles.ofUser',
  method: 'GET',
  path: '/api/users/{id}/roles',
  summary: 'List the roles of a user',
  access: read,
  params: UserParams,
  answers: { 200: ok(z.array(Role)) },
  problems: ['users.not_found'],
})

export const setUserRoles = route({
  id: 'roles.setOfUser',
  method: 'PUT',
  path: '/api/users/{id}/roles',
  summary: 'Give a user exactly these roles',
  access: write,
  audit: 'user.roles_changed',
  params: UserParams,
  body: z.object({
    /** Ids or names. */
    roles: z
      .array(z.string().trim().min(1, 'must not be empty').max(80))
      .max(50, 'must name at most 50 roles')
      .transform((names) => [...new Set(names)]),
  }),
  answers: { 200: ok(z.array(Role)) },
  problems: [
    'users.not_found',
    'users.beyond_own_rights',
    'groups.beyond_own_rights',
    'users.last_super_admin',
  ],
})

export const roleRoutes = [
  listRoles,
  getRole,
  createRole,
  updateRole,
  deleteRole,
  getUserRoles,
  setUserRoles,
] as const
