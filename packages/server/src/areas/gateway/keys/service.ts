import type { GatewayKey, IssuedGatewayKey } from '@holdfast/contracts/gateway/keys'
import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { issueToken, tokenMatches, tokenPrefix } from '@holdfast/kernel/crypto/token'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { z } from 'zod'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { GatewayKeysRepo } from './repo.ts'

/**
 * Gateway keys: what a gateway process shows to be let in as its tenant's. `hfg_…`, shown once, kept as SHA-256.
 *
 * States: valid -> expiring (replaced by a rotation, works until `expiresAt`) -> over; valid -> revoked. A link that was
 * made with a key ends with the key. Events: gateway.key_created, gateway.key_rotated, gateway.key_revoked.
 */
export interface GatewayKeys {
  /** Those that still work. */
  list(ctx: Context): Promise<GatewayKey[]>
  /** Throws gateway.limit_reached. */
  create(ctx: Context, label: string): Promise<IssuedKey>
  /** Makes one in `ctx.tx` for an organization that is just being made; without audit entry. Answers the key. */
  issueFirst(ctx: Context, organizationId: string): Promise<string>
  /** Throws gateway_keys.not_found, gateway.limit_reached. */
  rotate(ctx: Context, id: string, overlapSeconds: number): Promise<IssuedKey>
  /** One new key takes the place of all. */
  rotateAll(ctx: Context, overlapSeconds: number): Promise<IssuedKey>
  /** Throws gateway_keys.not_found. */
  revoke(ctx: Context, id: string): Promise<void>
  /** Whose key this is, or null when it is worth nothing; notes that it was used. */
  recognize(ctx: Context, token: string): Promise<KnownKey | null>
  /** Prefix and SHA-256 of the keys of the tenant of `ctx` that still work. */
  hashes(ctx: Context): Promise<{ prefix: string; hash: Buffer }[]>
  /** When the key ends (null: not by itself), or undefined when it has ended. */
  endOf(ctx: Context, key: Pick<KnownKey, 'id' | 'organizationId'>): Promise<string | null | undefined>
  /** Called on every replica when a tenant's keys end sooner than before; with null when that may have been missed. */
  subscribe(handler: (organizationId: string | null) => void): () => void
  part: Part
}

export type IssuedKey = z.output<typeof IssuedGatewayKey>

export interface KnownKey {
  id: string
  organizationId: string
  /** RFC 3339; null when it does not end by itself. */
  expiresAt: string | null
}

interface Needs {
  repo: GatewayKeysRepo
  database: Pick<Database<Tables>, 'tenant'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
  ids: Ids
}

const keysMax = 100
const label = 'hfg'

export function createGatewayKeys({ repo, database, audit, events, clock, ids }: Needs): GatewayKeys {
  const handlers = new Set<(organizationId: string | null) => void>()
  let stopListening: (() => Promise<void>) | undefined

  async function issue(ctx: Context, name: string): Promise<IssuedKey> {
    const at = clock.now()
    const token = issueToken(label)
    const id = ids.uuid()
    await repo.insert(ctx, { id, label: name, token }, at)
    return {
      id,
      label: name,
      prefix: token.prefix,
      createdAt: at.toISOString(),
      expiresAt: null,
      lastUsedAt: null,
      gatewayApiKey: token.token,
    }
  }

  async function written(
    ctx: Context,
    what: 'created' | 'rotated' | 'revoked',
    id: string,
    details: Record<string, unknown>,
  ) {
    await repo.announce(ctx)
    await events.append(ctx, { type: `gateway.key_${what}`, data: { id } })
    await audit.append(ctx, {
      target: { type: 'gateway_key', id },
      details,
      organizationId: ctx.organizationId,
    })
  }

  async function refuseTooMany(ctx: Context): Promise<void> {
    if ((await repo.list(ctx, clock.now())).length >= keysMax)
      throw problem('gateway.limit_reached', {
        sentence: `A tenant has at most ${keysMax} gateway keys. Revoke those that are not used any more.`,
      })
  }

  const afterOverlap = (overlapSeconds: number) => new Date(clock.nowMs() + overlapSeconds * 1_000)

  return {
    list: (ctx) => database.tenant(ctx, (tx) => repo.list(tx, clock.now())),

    create: (ctx, name) =>
      database.tenant(ctx, async (tx) => {
        await refuseTooMany(tx)
        const key = await issue(tx, name)
        await written(tx, 'created', key.id, { label: name })
        return key
      }),

    async issueFirst(ctx, organizationId) {
      const key = await database.tenant({ ...ctx, organizationId }, (tx) => issue(tx, 'First key'))
      return key.gatewayApiKey
    },

    rotate: (ctx, id, overlapSeconds) =>
      database.tenant(ctx, async (tx) => {
        const old = await repo.findForUpdate(tx, id, clock.now())
        if (old === undefined) throw problem('gateway_keys.not_found')
        await refuseTooMany(tx)
        const key = await issue(tx, old.label)
        await repo.endAt(tx, [id], afterOverlap(overlapSeconds))
        await written(tx, 'rotated', key.id, { label: old.label, replaces: [id], overlapSeconds })
        return key
      }),

    rotateAll: (ctx, overlapSeconds) =>
      database.tenant(ctx, async (tx) => {
        const replaces = (await repo.list(tx, clock.now())).map(({ id }) => id)
        const key = await issue(tx, `Key of ${clock.now().toISOString().slice(0, 10)}`)
        if (replaces.length > 0) await repo.endAt(tx, replaces, afterOverlap(overlapSeconds))
        await written(tx, 'rotated', key.id, { label: key.label, replaces, overlapSeconds })
        return key
      }),

    revoke: (ctx, id) =>
      database.tenant(ctx, async (tx) => {
        const key = await repo.findForUpdate(tx, id, clock.now())
        if (key === undefined) throw problem('gateway_keys.not_found')
        await repo.revoke(tx, id, clock.now())
        await written(tx, 'revoked', id, { label: key.label })
      }),

    async recognize(ctx, token) {
      if (!token.startsWith(`${label}_`)) return null
      const found = await repo.findByPrefix(ctx, tokenPrefix(token), clock.now())
      if (found === undefined || !tokenMatches(token, found.hash)) return null
      const { id, organizationId, expiresAt } = found
      await database.tenant({ ...ctx, organizationId }, (tx) => repo.used(tx, id, clock.now()))
      return { id, organizationId, expiresAt }
    },

    hashes: (ctx) => database.tenant(ctx, (tx) => repo.hashes(tx, clock.now())),

    endOf: (ctx, { id, organizationId }) =>
      database.tenant({ ...ctx, organizationId }, async (tx) => {
        return (await repo.find(tx, id, clock.now()))?.expiresAt
      }),

    subscribe(handler) {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },

    part: {
      name: 'gateway keys',
      async start() {
        stopListening = await repo.listen((organizationId) => {
          for (const handler of handlers) handler(organizationId)
        })
      },
      async stop() {
        await stopListening?.()
      },
    },
  }
}
