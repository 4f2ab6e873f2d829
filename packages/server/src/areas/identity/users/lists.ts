import type { User } from '@holdfast/contracts/identity/users'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import type { Lockout } from '../lockout/service.ts'
import type { UsersRepo } from './repo.ts'

/** Reading many users: by page, by offset or by cursor, and for reference 003 with whether they are locked. Newest first. */
export interface UserLists {
  list(ctx: Context, query: UserQuery): Promise<{ users: User[]; total: number; nextCursor: string | null }>
  listFrom(
    ctx: Context,
    query: { limit: number; offset: number; search?: string | undefined },
  ): Promise<{ users: User[]; total: number }>
  listWithLocks(
    ctx: Context,
    query: { limit: number; offset: number },
  ): Promise<{ user: User; locked: boolean }[]>
}

export interface UserQuery {
  page?: number | undefined
  limit: number
  search?: string | undefined
  cursor?: string | undefined
}

interface Needs {
  repo: Pick<UsersRepo, 'list' | 'count'>
  lockout: Pick<Lockout, 'lockedOf'>
}

export function createUserLists({ repo, lockout }: Needs): UserLists {
  return {
    async list(ctx, { page, limit, search, cursor }) {
      const beforeId = cursor === undefined ? null : readCursor(cursor)
      const rows = {
        search: search ?? null,
        limit: limit + 1,
        offset: ((page ?? 1) - 1) * limit,
        beforeId,
      }
      const [users, total] = await Promise.all([repo.list(ctx, rows), repo.count(ctx, search ?? null)])
      const shown = users.slice(0, limit)
      const last = shown.at(-1)
      return {
        users: shown,
        total,
        nextCursor: users.length > limit && last !== undefined ? writeCursor(last.id) : null,
      }
    },

    async listFrom(ctx, { limit, offset, search = null }) {
      const rows = { search, limit, offset, beforeId: null }
      const [users, total] = await Promise.all([repo.list(ctx, rows), repo.count(ctx, search)])
      return { users, total }
    },

    async listWithLocks(ctx, { limit, offset }) {
      const listed = await repo.list(ctx, { search: null, limit, offset, beforeId: null })
      const locked = await lockout.lockedOf(
        ctx,
        listed.flatMap(({ login, email }) => (email === null ? [login] : [login, email])),
      )
      return listed.map((user) => ({
        user,
        locked: locked.has(user.login) || (user.email !== null && locked.has(user.email)),
      }))
    },
  }
}

const cursorPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function writeCursor(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (cursorPattern.test(id)) return id
  throw problem('request.invalid', {
    sentence: 'The cursor is not one this list has given. Start again without it.',
    details: [{ path: 'query.cursor', message: 'is not one this list has given' }],
  })
}
