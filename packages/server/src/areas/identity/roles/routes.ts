import type { Group } from '@holdfast/contracts/identity/groups'
import {
  createRole,
  deleteRole,
  getRole,
  getUserRoles,
  listRoles,
  type Role,
  setUserRoles,
  updateRole,
} from '@holdfast/contracts/identity/roles'
import { done, success } from '@holdfast/contracts/kit/answer'
import { isProblem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Groups } from '../groups/service.ts'
import type { Users } from '../users/service.ts'

/** Reference 001 calls groups roles and their permissions traits: the same things under other names. */
export function bindRoles(groups: Groups, users: Pick<Users, 'get' | 'update'>): BoundRoute[] {
  async function rolesOf(ctx: Context, userId: string): Promise<Role[]> {
    const held = (await users.get(ctx, userId)).groupIds.map(({ id }) => id)
    return (await groups.list(ctx)).filter(({ id }) => held.includes(id)).map(roleOf)
  }

  return [
    handle(listRoles, async (ctx) => success((await groups.list(ctx)).map(roleOf))),
    handle(getRole, async (ctx, { params }) =>
      success(roleOf(await asRole(() => groups.get(ctx, params.id)))),
    ),
    handle(createRole, async (ctx, { body }) => {
      const { name, description = '', permissions, traits } = body
      return success(
        roleOf(await groups.create(ctx, { name, description, permissions: permissions ?? traits ?? [] })),
      )
    }),
    handle(updateRole, async (ctx, { params, body: { traits, ...change } }) => {
      const permissions = change.permissions ?? traits
      return success(roleOf(await asRole(() => groups.update(ctx, params.id, { ...change, permissions }))))
    }),
    handle(deleteRole, async (ctx, { params }) => {
      await asRole(() => groups.remove(ctx, params.id, { onlyWhenFree: true }))
      return done('Role deleted')
    }),
    handle(getUserRoles, async (ctx, { params }) => success(await rolesOf(ctx, params.id))),
    handle(setUserRoles, async (ctx, { params, body }) => {
      const groupIds = idsOf(await groups.list(ctx), body.roles)
      await users.update(ctx, params.id, { groupIds })
      return success(await rolesOf(ctx, params.id))
    }),
  ]
}

function roleOf(group: Group): Role {
  const { id, name, description, permissions, isSystem, userCount, createdAt, updatedAt } = group
  return {
    id,
    name,
    description,
    permissions,
    traits: permissions,
    system: isSystem,
    user_count: userCount,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

/** Each role by its id or its name, which is unique without regard to case. */
function idsOf(groups: readonly Group[], wanted: readonly string[]): string[] {
  const found = wanted.map((role) => {
    const word = role.toLowerCase()
    return groups.find(({ id, name }) => id === word || name.toLowerCase() === word)?.id
  })
  const unknown = wanted.filter((_role, index) => found[index] === undefined)
  if (unknown.length > 0) {
    throw problem('request.invalid', {
      sentence: 'The field roles names a role that does not exist.',
      details: unknown.map((role) => ({ path: 'body.roles', message: `there is no role ${role}` })),
    })
  }
  return [...new Set(found.filter((id) => id !== undefined))]
}

/** A group that is not there is, for this reference, a role that is not there. */
async function asRole<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isProblem(error, 'groups.not_found')) throw problem('roles.not_found', { cause: error })
    throw error
  }
}
