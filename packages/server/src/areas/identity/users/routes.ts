import { listAuthUsers } from '@holdfast/contracts/identity/auth'
import { done, success } from '@holdfast/contracts/kit/answer'
import { problem } from '@holdfast/contracts/problems'
import {
  createUser,
  deleteNamedUser,
  deleteUser,
  getUser,
  listUsers,
  patchUser,
  updateNamedUser,
  updateUser,
} from '@holdfast/contracts/identity/users'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { roleOf } from './rules.ts'
import type { Users } from './service.ts'

export function bindUsers(users: Users, perPage: () => number): BoundRoute[] {
  return [
    handle(listUsers, async (ctx, { query }) => {
      const { page = 1, limit = perPage() } = query
      const { users: data, total, nextCursor } = await users.list(ctx, { ...query, limit })
      const meta = { page, limit, total }
      return { success: true as const, data, meta, next_cursor: nextCursor }
    }),
    handle(listAuthUsers, async (ctx, { query }) =>
      (await users.listWithLocks(ctx, query)).map(({ user, locked }) => ({
        id: user.id,
        username: user.login,
        role: roleOf(user.groupIds.map(({ id }) => id)),
        locked,
        last_login: user.lastLoginAt,
      })),
    ),
    handle(getUser, async (ctx, { params }) => success(await users.get(ctx, params.id))),
    handle(createUser, async (ctx, { body }) => {
      const { user, setPasswordToken } = await users.create(ctx, body)
      return { ...success(user), ...(setPasswordToken !== null && { setPasswordToken }) }
    }),
    handle(updateUser, async (ctx, { params, body }) => success(await users.update(ctx, params.id, body))),
    handle(patchUser, async (ctx, { params, body }) => success(await users.update(ctx, params.id, body))),
    handle(updateNamedUser, async (ctx, { query, body }) =>
      success(await users.update(ctx, idOf(query, body), body)),
    ),
    handle(deleteUser, async (ctx, { params }) => {
      await users.remove(ctx, params.id)
      return done('User deleted')
    }),
    handle(deleteNamedUser, async (ctx, { query, body }) => {
      await users.remove(ctx, idOf(query, body))
      return done('User deleted')
    }),
  ]
}

/** Reference 001 has no id in these paths: it is in the query or the body, and the same when it is in both. */
function idOf(query: { id?: string | undefined }, body: { id?: string | undefined }): string {
  const id = query.id ?? body.id
  if (id !== undefined && (body.id === undefined || body.id === id)) return id
  throw problem('request.invalid', {
    sentence: 'Say which user: one id, in the query or in the body.',
    details: [{ path: query.id === undefined ? 'query.id' : 'body.id', message: 'must be given once' }],
  })
}
