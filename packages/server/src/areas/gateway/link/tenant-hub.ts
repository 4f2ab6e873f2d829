import { linkLimits } from '@holdfast/contracts/gateway/link'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { systemContext } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import { createLoop } from '../../../work/loop.ts'
import type { ConfigFeed } from '../config-feed/service.ts'
import type { LinkRepo } from './repo.ts'
import { changesText, snapshotTexts, tenantConfig } from './rules.ts'
import type { Session } from './session.ts'

export interface HubNeeds {
  feed: Pick<ConfigFeed, 'current' | 'snapshot' | 'changesAfter'>
  repo: Pick<LinkRepo, 'applied'>
  database: Pick<Database<Tables>, 'tenant'>
  /** Tells every replica that a gateway of the tenant came, went or applied something; in the same transaction. */
  announce: (ctx: ReturnType<typeof systemContext>) => Promise<void>
  clock: Clock
  logger: Logger
}

/**
 * The gateways of one tenant that are connected here. However many changes commit, and however many gateways there are,
 * one look at a time reads what is new, once for all that hold the same revision, and its text is made once.
 *
 * A gateway that reads slowly is passed over, and reads from where it stopped when it can take more: what waits for it
 * is in the database, never here.
 */
export interface TenantHub {
  readonly sessions: ReadonlySet<Session>
  add(session: Session): void
  remove(session: Session): void
  /** Something may have changed: looks at the database. */
  wake(): void
  /** Stores what the session has applied; many at once when they come together. */
  acknowledged(session: Session): void
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
}

/** Without a notification a look is taken all the same: one may have been lost. */
const lookEveryMs = 60_000
const retryMs = 1_000

export function createTenantHub(organizationId: string, needs: HubNeeds): TenantHub {
  const { feed, repo, database, announce, clock, logger } = needs
  const sessions = new Set<Session>()
  const acknowledgements = new Set<Session>()
  const ctx = { ...systemContext('gateway link'), organizationId }

  const looks = createLoop({
    clock,
    retryMs,
    work: look,
    onError: (error) =>
      logger.warn({ err: error, organizationId }, 'Gateways could not be updated; trying again'),
  })
  const stores = createLoop({
    clock,
    retryMs,
    work: storeAcknowledgements,
    onError: (error) =>
      logger.warn({ err: error, organizationId }, 'Acknowledgements could not be stored; trying again'),
  })

  /** Gives every session that can take it what it lacks, until none lacks anything. */
  async function look(): Promise<number> {
    for (;;) {
      const ready = [...sessions].filter((session) => session.isReady())
      if (ready.length === 0) return lookEveryMs
      const current = await feed.current(ctx, organizationId)
      const lacking = ready.filter(
        ({ given }) => given?.revision !== current.revision || given.checksum !== current.checksum,
      )
      if (lacking.length === 0) return lookEveryMs
      const whole = lacking.filter(({ isLegacy }) => isLegacy)
      const rest = lacking.filter(({ isLegacy }) => !isLegacy)
      for (const [after, those] of groupByRevision(rest)) {
        if (after === null || !(await giveChanges(those, after))) whole.push(...those)
      }
      if (whole.length > 0) await giveWhole(whole)
    }
  }

  /** False when these sessions need a snapshot. */
  async function giveChanges(those: readonly Session[], after: number): Promise<boolean> {
    const changes = await feed.changesAfter(ctx, organizationId, after, linkLimits.changesPerMessage)
    const last = changes?.at(-1)
    // Nothing new, and yet not the same: the checksum differs.
    if (changes === null || last === undefined) return false
    const text = changesText(changes)
    if (text === null) return false
    for (const session of those) {
      // It may have asked for a snapshot while the changes were read.
      if (session.given?.revision !== after) continue
      session.given = last
      void give(session, [text])
    }
    return true
  }

  async function giveWhole(those: readonly Session[]): Promise<void> {
    const snapshot = await feed.snapshot(ctx, organizationId)
    const { revision, checksum, entries } = snapshot
    const texts = those.some(({ isLegacy }) => !isLegacy) ? snapshotTexts(snapshot) : []
    const legacy = those.some(({ isLegacy }) => isLegacy)
      ? [
          JSON.stringify({
            type: 'config.update',
            payload: tenantConfig(organizationId, entries),
            version: revision,
          }),
        ]
      : []
    for (const session of those) {
      session.given = { revision, checksum }
      session.applied = null
      void give(session, session.isLegacy ? legacy : texts)
    }
  }

  /** One text after the other, so that no more than one waits in memory for a slow reader. */
  async function give(session: Session, texts: readonly string[]): Promise<void> {
    session.isSending = true
    for (const text of texts) await session.send(text)
    session.isSending = false
    looks.wake()
  }

  async function storeAcknowledgements(): Promise<number> {
    const those = [...acknowledgements]
    acknowledgements.clear()
    const rows = those.flatMap(({ gatewayId, connectionId, applied }) =>
      applied === null
        ? []
        : [
            {
              id: gatewayId,
              connection_id: connectionId,
              revision: applied.revision,
              checksum: applied.checksum,
            },
          ],
    )
    if (rows.length === 0) return lookEveryMs
    try {
      await database.tenant(ctx, async (tx) => {
        await repo.applied(tx, rows, clock.now())
        await announce(tx)
      })
    } catch (error) {
      for (const session of those) acknowledgements.add(session)
      throw error
    }
    return lookEveryMs
  }

  return {
    sessions,
    add(session) {
      sessions.add(session)
      looks.wake()
    },
    remove: (session) => void sessions.delete(session),
    wake: looks.wake,
    acknowledged(session) {
      acknowledgements.add(session)
      stores.wake()
    },
    async stop() {
      await Promise.all([looks.stop(), stores.stop()])
      if (acknowledgements.size > 0) await storeAcknowledgements()
    },
  }
}

function groupByRevision(sessions: readonly Session[]): Map<number | null, Session[]> {
  return Map.groupBy(sessions, ({ given }) => given?.revision ?? null)
}
