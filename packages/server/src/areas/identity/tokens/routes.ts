import { done, success } from '@holdfast/contracts/kit/answer'
import {
  createApiKey,
  createApiToken,
  createToken,
  deleteApiKey,
  deleteApiToken,
  deleteToken,
  getApiToken,
  listApiKeys,
  listApiTokens,
  listTokens,
  rotateApiKey,
  rotateApiToken,
  rotateToken,
  type ServiceToken,
} from '@holdfast/contracts/identity/tokens'
import { permissionsOfScopes } from '@holdfast/contracts/identity/token-scopes'
import type { Clock } from '@holdfast/kernel/clock'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import { isUnused } from './rules.ts'
import { type TokenRow, type Tokens, tokensMax } from './service.ts'

/** Administrators see the keys of everybody in one answer; this many at most. */
const apiKeysShownMax = 1_000

export function bindTokens(tokens: Tokens, clock: Clock): BoundRoute[] {
  const shown = (row: TokenRow): ServiceToken => serviceTokenOf(row, clock.nowMs())
  const keyOf = (row: TokenRow) => apiKeyOf(row, clock.nowMs())
  const after = (seconds: number | null | undefined) =>
    seconds == null ? null : new Date(clock.nowMs() + seconds * 1000)
  const issuedOf = ({ row, secret }: { row: TokenRow; secret: string }) => ({ ...shown(row), token: secret })

  return [
    handle(listApiKeys, async (ctx) => {
      const everybody = ctx.actor.kind === 'user' && ctx.actor.isAdmin
      const { rows } = everybody
        ? await tokens.listAll(ctx, { limit: apiKeysShownMax, offset: 0, unused: false })
        : await tokens.listOwn(ctx, { limit: tokensMax, offset: 0 })
      return success(rows.map(keyOf))
    }),
    handle(createApiKey, async (ctx, { body }) => {
      const { row, secret } = await tokens.create(ctx, {
        label: 'dap',
        name: body.name,
        scopes: body.permissions,
        expiresAt: body.expiresAt == null ? null : new Date(body.expiresAt),
        allowedAddresses: body.allowedAddresses,
      })
      return success({ ...keyOf(row), key: secret })
    }),
    handle(rotateApiKey, async (ctx, { params, body }) => {
      const { row, secret } = await tokens.rotate(ctx, params.id, body.overlapSeconds * 1000)
      return success({ ...keyOf(row), key: secret })
    }),
    handle(deleteApiKey, async (ctx, { params }) => {
      await tokens.revoke(ctx, params.id)
      return done('API key deleted')
    }),

    handle(listTokens, async (ctx, { query: { page, limit, unused } }) => {
      const { rows, total } = await tokens.listAll(ctx, {
        limit,
        offset: (page - 1) * limit,
        unused: unused === 'true',
      })
      return { success: true as const, data: rows.map(shown), meta: { page, limit, total } }
    }),
    handle(createToken, async (ctx, { body }) =>
      success(
        issuedOf(
          await tokens.create(ctx, {
            label: 'hft',
            name: body.name,
            scopes: body.scopes,
            expiresAt: after(body.expires_in),
            allowedAddresses: body.allowed_addresses,
          }),
        ),
      ),
    ),
    handle(rotateToken, async (ctx, { params, body }) =>
      success(issuedOf(await tokens.rotate(ctx, params.id, body.overlap_seconds * 1000))),
    ),
    handle(deleteToken, async (ctx, { params }) => {
      await tokens.revoke(ctx, params.id)
      return done('Token revoked')
    }),

    handle(listApiTokens, async (ctx, { query: { limit, offset } }) => {
      const { rows, total } = await tokens.listOwn(ctx, { limit, offset })
      return { data: rows.map(shown), total, limit, offset }
    }),
    handle(getApiToken, async (ctx, { params }) => shown(await tokens.get(ctx, params.id))),
    handle(createApiToken, async (ctx, { body }) =>
      issuedOf(
        await tokens.create(ctx, {
          label: 'hft',
          name: body.name,
          scopes: body.scopes ?? ['*'],
          expiresAt: after(body.expires_in),
          allowedAddresses: body.allowed_addresses,
        }),
      ),
    ),
    handle(rotateApiToken, async (ctx, { params, body }) =>
      issuedOf(await tokens.rotate(ctx, params.id, body.overlap_seconds * 1000)),
    ),
    handle(deleteApiToken, async (ctx, { params }) => {
      await tokens.revoke(ctx, params.id)
      return { message: 'Token deleted' }
    }),
  ]
}

function apiKeyOf(row: TokenRow, nowMs: number) {
  const { id, name, prefix, userId, allowedAddresses, expiresAt, lastUsedAt, lastUsedIp, createdAt } = row
  const uses = { expiresAt, lastUsedAt, lastUsedIp, unused: isUnused(row, nowMs), createdAt }
  const permissions = [...permissionsOfScopes(row.scopes)].sort()
  const previousUntil = overlapEnd(row, nowMs)
  return { _id: id, id, name, prefix, permissions, userId, allowedAddresses, ...uses, previousUntil }
}

/** Until when the secret before the present one works; null when it does not any more. */
function overlapEnd({ previousUntil }: TokenRow, nowMs: number): string | null {
  return previousUntil !== null && Date.parse(previousUntil) > nowMs ? previousUntil : null
}

function serviceTokenOf(row: TokenRow, nowMs: number): ServiceToken {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    allowed_addresses: row.allowedAddresses,
    owner: { id: row.userId, username: row.login },
    created_at: row.createdAt,
    expires_at: row.expiresAt,
    last_used_at: row.lastUsedAt,
    last_used_ip: row.lastUsedIp,
    unused: isUnused(row, nowMs),
    previous_until: overlapEnd(row, nowMs),
  }
}
