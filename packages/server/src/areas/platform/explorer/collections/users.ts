import { redacted } from '@holdfast/contracts/platform/explorer'
import { createUser, updateUser, type User } from '@holdfast/contracts/identity/users'
import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Context } from '../../../../context.ts'
import type { Users } from '../../../identity/users/service.ts'
import type { DocumentCollection } from '../collection.ts'
import { isUuid, readDocument } from '../documents.ts'

/** Users, without what lets them in: passwords and tokens are shown as redacted and cannot be written here. */
export function createUserDocuments(
  users: Pick<Users, 'listFrom' | 'get' | 'create' | 'update' | 'remove'>,
): DocumentCollection {
  return {
    label: 'Users',
    description: 'Everybody who can sign in. A user created here is invited until a password is set.',
    writers: [],
    operations: ['create', 'update', 'delete'],
    count: async (ctx) => (await users.listFrom(ctx, { limit: 0, offset: 0 })).total,

    async list(ctx, { search, ...page }) {
      if (isUuid(search)) {
        const user = await find(ctx, search)
        return user === null ? { documents: [], total: 0 } : { documents: [user], total: 1 }
      }
      const { users: found, total } = await users.listFrom(ctx, { ...page, search })
      return { documents: found.map(documentOf), total }
    },
    find,

    async create(ctx, body) {
      const { user } = await users.create(ctx, readDocument(createUser.body, withoutSecrets(body)))
      return user.id
    },
    async update(ctx, id, body) {
      await users.update(ctx, id, readDocument(updateUser.body, withoutSecrets(body)))
    },
    remove: (ctx, id) => users.remove(ctx, id),
  }

  async function find(ctx: Context, id: string) {
    if (!isUuid(id)) return null
    try {
      return documentOf(await users.get(ctx, id))
    } catch (error) {
      if (isProblem(error, 'users.not_found')) return null
      throw error
    }
  }
}

function documentOf({ id, login, email, name, status, groupIds, ...times }: User) {
  const { lastLoginAt, createdAt, updatedAt } = times
  return {
    _id: id,
    id,
    login,
    email,
    name,
    status,
    password: redacted,
    refreshToken: redacted,
    groupIds: groupIds.map((group) => group.id),
    lastLoginAt,
    createdAt,
    updatedAt,
  }
}

function withoutSecrets(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'password' && name !== 'refreshToken'),
  )
}
