import { linkCloseCodes, linkLimits } from '@holdfast/contracts/gateway/link'
import type { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { isConnectionError } from '@holdfast/database/errors'
import type { Ids } from '@holdfast/kernel/id'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { WebSocket } from 'ws'
import { systemContext } from '../../../context.ts'
import type { ConfigFeed } from '../config-feed/service.ts'
import type { GatewayKeys, KnownKey } from '../keys/service.ts'
import type { Telemetry } from '../telemetry/service.ts'
import type { Admission } from './admission.ts'
import { type AuthMessage, type Handler, readConnection } from './connection.ts'
import { createConversation, type Linked } from './conversation.ts'
import { createIntake } from './intake.ts'
import { createKeyWatch } from './key-watch.ts'
import type { LinkRepo } from './repo.ts'
import { tenantConfig, writeMessage } from './rules.ts'
import { createSession, type Session } from './session.ts'
import { createTenantHub, type HubNeeds, type TenantHub } from './tenant-hub.ts'

/**
 * The links of gateways that are connected here: who they are, what configuration they have, what they report.
 *
 * A link goes through: open -> key shown -> given what it lacks, and every change from then on -> closed. It ends with
 * its key, on every replica, and by itself when nothing is heard of it. Invariants: a gateway is given revisions in
 * order, or a snapshot; it counts as having applied what it acknowledged with the right checksum and nothing else.
 */
export interface GatewayLink {
  /** Why a link may not even be opened. */
  refusal(facts: { ip: string }): Problem | null
  connected(socket: WebSocket, facts: { ip: string }): void
  part: Part
  /** Ends every link, having stored what they had sent. */
  drain(): Promise<void>
}

interface Needs extends Omit<HubNeeds, 'repo' | 'feed'> {
  repo: LinkRepo
  feed: Pick<ConfigFeed, 'current' | 'snapshot' | 'changesAfter' | 'subscribe'>
  keys: Pick<GatewayKeys, 'recognize' | 'endOf' | 'subscribe'>
  telemetry: Pick<Telemetry, 'store' | 'giveUp'>
  admission: Admission
  ids: Ids
}

/** Two pings without an answer, and some time for the way. */
const silentMsMax = 75_000
/** Heard of since the ping before: as good as now. */
const heardMsMax = 45_000
const gatewaysOfOneTenantMax = 1_000

export function createGatewayLink(needs: Needs): GatewayLink {
  const { repo, feed, keys, telemetry, admission, database, announce, clock, ids, logger } = needs
  const hubs = new Map<string, TenantHub>()
  const links = new Map<Session, Linked>()
  const unsubscribe: (() => void)[] = []
  const receive = createConversation(needs)
  const keyWatch = createKeyWatch(needs)
  let cancelRound: (() => void) | undefined
  let isStopping = false

  function hubOf(organizationId: string): TenantHub {
    const known = hubs.get(organizationId)
    if (known !== undefined) return known
    const hub = createTenantHub(organizationId, needs)
    hubs.set(organizationId, hub)
    return hub
  }

  function connected(socket: WebSocket, { ip }: { ip: string }): void {
    const decided = admission.begin(ip)
    socket.on('error', (error) => logger.debug({ err: error }, 'A gateway link broke'))
    readConnection(socket, {
      clock,
      onDecided: decided,
      onFailed: () => admission.failed(ip),
      async authenticate(auth) {
        try {
          return await admit(socket, ip, auth)
        } catch (error) {
          logger.warn({ err: error }, 'A gateway could not be let in; it will try again')
          socket.close(linkCloseCodes.tryLater, 'Try again in a moment')
          return null
        }
      },
    })
  }

  async function admit(socket: WebSocket, ip: string, auth: AuthMessage): Promise<Handler | null> {
    const key = await keys.recognize(systemContext('gateway link'), auth.apiKey)
    if (key === null) {
      admission.failed(ip)
      socket.close(linkCloseCodes.invalidKey, 'This gateway key is not valid')
      return null
    }
    const connectedHere = hubs.get(key.organizationId)?.sessions.size ?? 0
    if (isStopping || connectedHere >= gatewaysOfOneTenantMax) {
      socket.close(
        linkCloseCodes.tryLater,
        isStopping ? 'The server is stopping' : 'Too many gateways are connected',
      )
      return null
    }
    const ctx = { ...systemContext('gateway link'), organizationId: key.organizationId }
    const isLegacy = auth.protocol === undefined
    const connectionId = ids.uuid()
    const snapshot = isLegacy ? await feed.snapshot(ctx, key.organizationId) : null
    const { revision, checksum } = snapshot ?? (await feed.current(ctx, key.organizationId))
    const holds =
      auth.revision === undefined ? null : { revision: auth.revision, checksum: auth.checksum ?? '' }
    const isCurrent = holds?.revision === revision && holds.checksum === checksum
    const isPast = holds !== null && holds.revision < revision
    const session = createSession(socket, {
      connectionId,
      gatewayId: auth.gatewayId?.toLowerCase() ?? unnamedGateway(key, connectionId),
      keyId: key.id,
      bootId: auth.bootId ?? connectionId,
      isLegacy,
      given: isLegacy ? { revision, checksum } : holds,
      applied: isCurrent ? holds : null,
      nowMs: clock.nowMs(),
    })
    await database.tenant(ctx, async (tx) => {
      await repo.connect(
        tx,
        {
          id: session.gatewayId,
          connectionId,
          keyId: key.id,
          hostname: auth.hostname ?? null,
          version: auth.version ?? null,
          address: ip,
          previousEnd: auth.previousEnd ?? null,
          // What it holds it serves with, also when it is not the newest.
          appliedRevision: isCurrent || isPast ? holds.revision : null,
          appliedChecksum: isCurrent || isPast ? holds.checksum : null,
        },
        clock.now(),
      )
      await announce(tx)
    })
    return enter(socket, session, ctx, key, {
      tenantId: key.organizationId,
      gatewayId: session.gatewayId,
      configVersion: revision,
      ...(snapshot !== null && { config: tenantConfig(key.organizationId, snapshot.entries) }),
    })
  }

  function enter(
    socket: WebSocket,
    session: Session,
    ctx: Linked['ctx'],
    key: KnownKey,
    welcome: Extract<Parameters<typeof writeMessage>[0], { type: 'auth_ok' }>['payload'],
  ): Handler | null {
    if (isStopping || socket.readyState !== socket.OPEN) {
      socket.close(linkCloseCodes.tryLater, 'The server is stopping')
      void leave(ctx, session)
      return null
    }
    const hub = hubOf(ctx.organizationId)
    // A gateway has one link: an older one is what is left of a connection that broke.
    for (const other of hub.sessions)
      if (other.gatewayId === session.gatewayId) other.close('tryLater', 'This gateway has connected again')
    const intake = createIntake({
      ctx,
      source: { gatewayId: session.gatewayId, bootId: session.bootId },
      telemetry,
      link: {
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        acknowledge: (sequence) => session.acknowledge(sequence),
        fail: () => session.close('tryLater', 'Telemetry cannot be stored right now'),
      },
      isPassing: isConnectionError,
      onError: (error) =>
        logger.warn(
          { err: error, gatewayId: session.gatewayId },
          'Telemetry of a gateway could not be stored',
        ),
    })
    const linked: Linked = {
      session,
      hub,
      intake,
      ctx,
      resyncs: { count: 0, untilMs: 0 },
      cancelEnd: keyWatch.endWithKey(session, key.expiresAt),
    }
    links.set(session, linked)
    socket.once('close', () => {
      linked.cancelEnd()
      hub.remove(session)
      links.delete(session)
      if (!isStopping) void leave(ctx, session)
    })
    void session.send(writeMessage({ type: 'auth_ok', payload: welcome }))
    hub.add(session)
    // The key may have ended before anybody could tell this link of it.
    void keyWatch.check([linked])
    return (message) => receive(linked, message)
  }

  /** A client that names itself by nothing is known by its key; a second one with the same key by its link. */
  function unnamedGateway(key: KnownKey, connectionId: string): string {
    const others = hubs.get(key.organizationId)?.sessions ?? []
    return [...others].some(({ gatewayId }) => gatewayId === key.id) ? connectionId : key.id
  }

  async function leave(ctx: Linked['ctx'], session: Session): Promise<void> {
    try {
      await database.tenant(ctx, async (tx) => {
        await repo.disconnect(tx, [session.connectionId], clock.now())
        await announce(tx)
      })
    } catch (error) {
      // It is offline all the same, once it has not been heard of for a while.
      logger.warn({ err: error }, 'That a gateway has gone could not be stored')
    }
  }

  const linksOf = (id: string | null) =>
    [...links.values()].filter(({ ctx }) => id === null || ctx.organizationId === id)

  /** Every thirty seconds: who is there says so, who is not is let go, and tenants without gateways are forgotten. */
  async function round(): Promise<void> {
    for (const { session } of links.values()) {
      if (clock.nowMs() - session.heardAtMs > silentMsMax) session.terminate()
      else if (session.isReading()) void session.send(writeMessage({ type: 'ping', payload: {} }))
    }
    for (const [organizationId, hub] of hubs) {
      try {
        if (hub.sessions.size > 0) await noteSeen(organizationId, hub)
        else {
          hubs.delete(organizationId)
          await hub.stop()
        }
      } catch (error) {
        logger.warn({ err: error, organizationId }, 'That gateways are there could not be stored')
      }
    }
  }

  async function noteSeen(organizationId: string, hub: TenantHub): Promise<void> {
    const ctx = { ...systemContext('gateway link'), organizationId }
    const heard = [...hub.sessions].filter(({ heardAtMs }) => clock.nowMs() - heardAtMs <= heardMsMax)
    const connectionIds = heard.map(({ connectionId }) => connectionId)
    if (connectionIds.length > 0)
      await database.tenant(ctx, (tx) => repo.seen(tx, connectionIds, clock.now()))
  }

  function nextRound(): void {
    cancelRound = clock.after(linkLimits.pingIntervalMs, () => {
      nextRound()
      void round()
    })
  }

  return {
    refusal: ({ ip }) =>
      isStopping ? problem('server.stopping', { retryAfterSeconds: 2 }) : admission.refusal(ip),
    connected,
    part: {
      name: 'gateway link',
      async start() {
        unsubscribe.push(
          feed.subscribe((organizationId) => {
            for (const [id, hub] of hubs) if (organizationId === null || id === organizationId) hub.wake()
          }),
          keys.subscribe((organizationId) => void keyWatch.check(linksOf(organizationId))),
        )
        nextRound()
      },
      async stop() {
        cancelRound?.()
        for (const end of unsubscribe) end()
      },
    },
    async drain() {
      isStopping = true
      const those = [...links.values()]
      for (const { session } of those) session.close('goingAway', 'The server is stopping')
      await Promise.all(those.map(({ intake }) => intake.idle()))
      for (const hub of hubs.values()) await hub.stop()
      for (const [organizationId, linked] of Map.groupBy(those, ({ ctx }) => ctx.organizationId)) {
        const ctx = { ...systemContext('gateway link'), organizationId }
        await database.tenant(ctx, async (tx) => {
          await repo.disconnect(
            tx,
            linked.map(({ session }) => session.connectionId),
            clock.now(),
          )
          await announce(tx)
        })
      }
    },
  }
}
