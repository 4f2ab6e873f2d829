import type { EntityKind } from '@holdfast/contracts/gateway/config'
import type { ConfigChange, ConfigEntry } from '@holdfast/contracts/gateway/link'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { emptySetDigest, setDigestText } from '@holdfast/kernel/crypto/set-digest'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { ConfigFeedRepo } from './repo.ts'
import { checksumAfter, type ConfigState, type Countable, effectiveEntries } from './rules.ts'

/**
 * What gateways are told: per tenant a set of entities, and the revisions that led to it.
 *
 * Invariants: revisions of a tenant have no gap, because raising one locks the tenant's row until the commit; the
 * checksum of a revision is that of exactly its entities; the changes after any kept revision, applied to its set, give
 * the current one. A tenant's first revision is made when it is first asked for: its settings and its members.
 */
export interface ConfigFeed {
  /**
   * In `ctx.tx`: raises the revision of `ctx.organizationId` by one and records the entries; null removes an entity.
   * Entries that change nothing are left out, and when none is left the revision stays. Answers the revision.
   */
  change(ctx: Context, entries: readonly EntityChange[]): Promise<number>
  /** In `ctx.tx`: keeps every other change of the tenant waiting until this transaction ends. */
  lock(ctx: Context): Promise<void>
  /** In `ctx.tx`, after `lock`: counts what the tenant has; answers how many there are then. */
  count(ctx: Context, what: Countable, added: number): Promise<number>
  counts(ctx: Context): Promise<Record<Countable, number>>
  current(ctx: Context, organizationId: string): Promise<ConfigState>
  /** All entities of one revision. */
  snapshot(ctx: Context, organizationId: string): Promise<ConfigState & { entries: ConfigEntry[] }>
  /**
   * The changes that follow revision `after`, oldest first: at most `limit`, and fewer when they are large; empty when
   * there is none. Null when they are not all kept or one is too large, or `after` is not of this tenant's past: a
   * snapshot is needed.
   */
  changesAfter(
    ctx: Context,
    organizationId: string,
    after: number,
    limit: number,
  ): Promise<ConfigChange[] | null>
  /** Called on every replica soon after a commit; with null when notifications may have been missed: look at all. */
  subscribe(handler: (organizationId: string | null) => void): () => void
  part: Part
}

export interface EntityChange {
  kind: EntityKind
  id: string
  value: object | null
}

interface Needs {
  repo: ConfigFeedRepo
  database: Pick<Database<Tables>, 'tenant'>
  /** What a tenant's gateways must know before anybody has configured anything. */
  firstEntities: (ctx: Context) => Promise<EntityChange[]>
  clock: Clock
}

const empty: ConfigState = { revision: 0, checksum: setDigestText(emptySetDigest) }

export function createConfigFeed({ repo, database, firstEntities, clock }: Needs): ConfigFeed {
  const handlers = new Set<(organizationId: string | null) => void>()
  let stopListening: (() => Promise<void>) | undefined

  async function lock(ctx: Context): Promise<ConfigState> {
    const locked = await repo.lock(ctx)
    if (locked !== undefined) return locked
    if (await repo.insert(ctx, empty)) return append(ctx, empty, await firstEntities(ctx))
    return (await repo.lock(ctx)) ?? empty
  }

  /** Makes the next revision of the locked tenant. */
  async function append(
    ctx: Context,
    state: ConfigState,
    changes: readonly EntityChange[],
  ): Promise<ConfigState> {
    const wanted = changes.map(
      ({ kind, id, value }): ConfigEntry => ({
        kind,
        id,
        text: value === null ? null : JSON.stringify(value),
      }),
    )
    const before = await repo.textsOf(ctx, wanted)
    const entries = effectiveEntries(before, wanted)
    if (entries.length === 0) return state
    const next = {
      revision: state.revision + 1,
      checksum: checksumAfter(state.checksum, before, entries),
    }
    await repo.store(ctx, entries)
    await repo.record(ctx, { ...next, entries }, clock.now())
    await repo.setState(ctx, next)
    return next
  }

  const inTenant = <T>(ctx: Context, organizationId: string, work: (ctx: Context) => Promise<T>) =>
    database.tenant({ ...ctx, organizationId }, work)

  /** The tenant's own row, made when it is not there yet. */
  async function current(ctx: Context): Promise<ConfigState> {
    return (await repo.find(ctx)) ?? (await lock(ctx))
  }

  return {
    async change(ctx, entries) {
      if (ctx.tx === undefined) throw new Error('A revision is raised in the transaction of its change.')
      return (await append(ctx, await lock(ctx), entries)).revision
    },
    async lock(ctx) {
      if (ctx.tx === undefined) throw new Error('A lock without a transaction ends at once.')
      await lock(ctx)
    },
    count: repo.count,
    counts: repo.counts,
    current: (ctx, organizationId) => inTenant(ctx, organizationId, current),

    snapshot: (ctx, organizationId) =>
      inTenant(ctx, organizationId, async (tx) => {
        await current(tx)
        return (await repo.snapshot(tx)) ?? { ...empty, entries: [] }
      }),

    changesAfter: (ctx, organizationId, after, limit) =>
      inTenant(ctx, organizationId, async (tx) => {
        const changes: ConfigChange[] = []
        const { revision } = await current(tx)
        if (after > revision) return null
        for (const { entries, ...change } of await repo.changesAfter(tx, after, limit)) {
          if (entries === null || change.revision !== after + changes.length + 1) return null
          changes.push({ ...change, entries })
        }
        return changes.length === 0 && after < revision ? null : changes
      }),

    subscribe(handler) {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },

    part: {
      name: 'gateway configuration feed',
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
