import { listApiTokens, rotateApiKey } from '@holdfast/contracts/identity/tokens'
import { scopesGive, scopesOpen } from '@holdfast/contracts/identity/token-scopes'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { issueToken } from '@holdfast/kernel/crypto/token'
import type { Ids } from '@holdfast/kernel/id'
import type { Context, UserActor } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import type { TokenRow, TokensRepo } from './repo.ts'
import { expiryAfterRotation, mayMake, unusedAfterMs } from './rules.ts'

export type { TokenRow }

/**
 * API tokens: secrets that act for the user who made them. References 000, 001 and 004 call them API keys, service
 * tokens and API tokens; there is one table.
 *
 * Invariants: the secret is shown once and kept as its SHA-256; a token may do what its scopes and its owner's present
 * permissions both allow, and nothing once its owner is not active; nobody makes a token that may do more than they may,
 * nor with a token one that lives longer or works from more places than it; a stranger's token does not exist, but for
 * administrators; revoking ends it on every replica within a second.
 * Events: token.created, token.rotated, token.revoked.
 */
export interface Tokens {
  /** The caller's own tokens. */
  listOwn(ctx: Context, page: TokenPage): Promise<{ rows: TokenRow[]; total: number }>
  /** Those of everybody. */
  listAll(ctx: Context, page: TokenPage & { unused: boolean }): Promise<{ rows: TokenRow[]; total: number }>
  /** The caller's own, or for administrators anybody's. Throws tokens.not_found. */
  get(ctx: Context, id: string): Promise<TokenRow>
  /** Throws tokens.beyond_own_rights, tokens.too_many. */
  create(ctx: Context, wish: TokenWish): Promise<{ row: TokenRow; secret: string }>
  /** Throws tokens.not_found, tokens.beyond_own_rights. */
  rotate(ctx: Context, id: string, overlapMs: number): Promise<{ row: TokenRow; secret: string }>
  /** Throws tokens.not_found. */
  revoke(ctx: Context, id: string): Promise<void>
  /** How many tokens nobody has used for thirty days. */
  countUnused(ctx: Context): Promise<number>
}

export interface TokenPage {
  limit: number
  offset: number
}

export interface TokenWish {
  /** The first word of the secret: `dap` for API keys, `hft` otherwise. */
  label: 'dap' | 'hft'
  name: string
  scopes: readonly string[]
  expiresAt: Date | null
  allowedAddresses: readonly string[]
}

/** Of one user. */
export const tokensMax = 100

interface Needs {
  repo: TokensRepo
  access: Pick<Access, 'tokenChanged'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

export function createTokens({ repo, access, database, audit, events, clock, ids }: Needs): Tokens {
  /** A stranger's token is as absent as one that never was. */
  function visible(ctx: Context, row: TokenRow | undefined): TokenRow {
    const actor = userOf(ctx)
    if (row === undefined || (row.userId !== actor.userId && !actor.isAdmin))
      throw problem('tokens.not_found')
    return row
  }

  const get = async (ctx: Context, id: string) => visible(ctx, await repo.find(ctx, id))
  /** Locks the token as well. */
  const findOwn = async (ctx: Context, id: string) => visible(ctx, await repo.findForUpdate(ctx, id))

  const unusedSince = () => new Date(clock.nowMs() - unusedAfterMs)

  async function list(
    ctx: Context,
    { limit, offset }: TokenPage,
    filter: Parameters<TokensRepo['count']>[1],
  ) {
    const [rows, total] = await Promise.all([repo.list(ctx, filter, limit, offset), repo.count(ctx, filter)])
    return { rows, total }
  }

  return {
    listOwn: (ctx, page) => list(ctx, page, { userId: userOf(ctx).userId, unusedSince: null }),
    listAll: (ctx, page) =>
      list(ctx, page, { userId: null, unusedSince: page.unused ? unusedSince() : null }),
    get,
    countUnused: (ctx) => repo.count(ctx, { userId: null, unusedSince: unusedSince() }),

    async create(ctx, { label, ...wish }) {
      const actor = userOf(ctx)
      if (!mayMake(actor, wish)) throw problem('tokens.beyond_own_rights')
      const issued = issueToken(label)
      const id = ids.uuid()
      const row = await database.transaction(ctx, async (tx) => {
        await repo.lockOwner(tx, actor.userId)
        const count = await repo.count(tx, { userId: actor.userId, unusedSince: null })
        if (count >= tokensMax) throw problem('tokens.too_many')
        await repo.insert(tx, { id, userId: actor.userId, issued, pluginId: null, ...wish }, clock.now())
        await events.append(tx, {
          type: 'token.created',
          data: { id, name: wish.name, userId: actor.userId },
        })
        await audit.append(tx, {
          target: { type: 'token', id },
          details: {
            name: wish.name,
            scopes: wish.scopes,
            allowedAddresses: wish.allowedAddresses,
            expiresAt: wish.expiresAt?.toISOString() ?? null,
          },
        })
        return get(tx, id)
      })
      return { row, secret: issued.token }
    },

    rotate: (ctx, id, overlapMs) =>
      database.transaction(ctx, async (tx) => {
        const before = await findOwn(tx, id)
        const expiresAt = expiryAfterRotation(before, clock.nowMs())
        // Whoever gets the secret acts for its owner: an administrator's is given to nobody but themselves.
        const actor = userOf(ctx)
        // With scopes that open no tokens, a token still gives itself a new secret.
        if (!mayHandleTokens(actor) && actor.token?.id !== id) throw problem('tokens.not_found')
        const isStronger = actor.token !== undefined && !mayMake(actor, { ...before, expiresAt })
        if (before.userId !== actor.userId || isStronger) throw problem('tokens.beyond_own_rights')
        const issued = issueToken(before.prefix.startsWith('dap_') ? 'dap' : 'hft')
        const previousUntil = new Date(clock.nowMs() + overlapMs)
        await repo.rotate(tx, id, { issued, expiresAt, previousUntil }, clock.now())
        await access.tokenChanged(tx, id)
        await events.append(tx, { type: 'token.rotated', data: { id, name: before.name } })
        await audit.append(tx, {
          target: { type: 'token', id },
          details: { name: before.name, previousUntil: previousUntil.toISOString() },
        })
        return { row: await get(tx, id), secret: issued.token }
      }),

    revoke: (ctx, id) =>
      database.transaction(ctx, async (tx) => {
        const row = await findOwn(tx, id)
        await repo.remove(tx, id)
        await access.tokenChanged(tx, id)
        await events.append(tx, { type: 'token.revoked', data: { id, name: row.name, userId: row.userId } })
        await audit.append(tx, {
          target: { type: 'token', id },
          details: { name: row.name, owner: row.login },
        })
      }),
  }
}

/** Whether this is a session, or a token that may handle its owner's others. */
function mayHandleTokens({ token }: UserActor): boolean {
  if (token === undefined) return true
  return scopesOpen(token.scopes, listApiTokens) || scopesGive(token.scopes, 'manage_api', rotateApiKey)
}

function userOf({ actor }: Context): UserActor {
  if (actor.kind !== 'user') throw problem('auth.required')
  return actor
}
