import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { permissionNames } from '../permissions.ts'

const Permissions = z
  .array(z.enum(permissionNames, `must be one of ${permissionNames.join(', ')}`))
  .max(100)
  .transform((names) => [...new Set(names)])

export const Group = z
  .object({
    _id: Id,
    id: Id,
    name: z.string(),
    description: z.string(),
    permissions: z.array(z.string()),
    isSystem: z.boolean(),
    /** How many users hold it. */
    userCount: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Group' })
export type Group = z.output<typeof Group>

const GroupBody = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(80),
  description: z.string().max(500).default(''),
  permissions: Permissions.default([]),
})
export type GroupInput = z.output<typeof GroupBody>

const GroupChange = z.object({
  name: GroupBody.shape.name.optional(),
  description: z.string().max(500).optional(),
  permissions: Permissions.optional(),
})
export type GroupChange = z.output<typeof GroupChange>

const GroupParams = z.object({ id: Id })

export const listGroups = route({
  id: 'groups.list',
  method: 'GET',
  path: '/api/groups',
  summary: 'List groups',
  access: { permission: ['view', 'manage_users'] },
  answers: { 200: ok(z.array(Group)) },
})

export const getGroup = route({
  id: 'groups.get',
  method: 'GET',
  path: '/api/groups/{id}',
  summary: 'Get a group',
  access: { permission: ['view', 'manage_users'] },
  params: GroupParams,
  answers: { 200: ok(Group) },
  problems: ['groups.not_found'],
})

export const createGroup = route({
  id: 'groups.create',
  method: 'POST',
  path: '/api/groups',
  summary: 'Create a group',
  access: { permission: 'manage_users' },
  audit: 'group.created',
  body: GroupBody,
  answers: { 201: ok(Group) },
  problems: ['groups.name_taken', 'groups.beyond_own_rights'],
})

export const updateGroup = route({
  id: 'groups.update',
  method: 'PUT',
  path: '/api/groups/{id}',
  summary: 'Change a group',
  access: { permission: 'manage_users' },
  audit: 'group.updated',
  params: GroupParams,
  body: GroupChange,
  answers: { 200: ok(Group) },
  problems: ['groups.not_found', 'groups.name_taken', 'groups.system_protected', 'groups.beyond_own_rights'],
})

export const deleteGroup = route({
  id: 'groups.delete',
  method: 'DELETE',
  path: '/api/groups/{id}',
  summary: 'Delete a group',
  access: { permission: 'manage_users' },
  audit: 'group.deleted',
  params: GroupParams,
  answers: { 200: Done },
  problems: ['groups.not_found', 'groups.system_protected', 'groups.beyond_own_rights'],
})

export const groupRoutes = [listGroups, getGroup, createGroup, updateGroup, deleteGroup] as const
