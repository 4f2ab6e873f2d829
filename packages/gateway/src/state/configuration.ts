import type { ConfigChange, GatewayMessage, ServerMessage } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import type { JSONWebKeySet } from 'jose'
import type { DataPlane } from '../data-plane.ts'
import type { ConfigStore } from './config-store.ts'
import { ConfigRefusal } from './entities.ts'
import { createHeldSet, type Held, type Prepared } from './held-set.ts'
import { createSnapshotParts } from './snapshot-parts.ts'

/**
 * Brings what the control plane says into force: validated completely, swapped in every thread, written to disk, then
 * acknowledged. What cannot be taken over leaves the old configuration serving and is answered with `config.resync`.
 *
 * Messages are worked off one after another; changes that wait together are brought into force together.
 */
export interface Configuration {
  /** Takes over what is on disk. Never throws for a damaged file: it says so and starts with nothing. */
  loadSaved(): Promise<void>
  held(): Held | null
  /** `live`: in step with a connected control plane; `cache`: the last one known; `none`: there is none. */
  source(): 'live' | 'cache' | 'none'
  linkOpened(configVersion: number): void
  linkClosed(): void
  receive(message: ConfigMessage): void
  /** A message that could not be read: never passed over in silence. */
  unreadable(reason: string): void
  takeKeys(jwks: JSONWebKeySet): void
  /** How many messages wait. */
  backlog(): number
  /** Resolves when everything that has come so far is done. */
  settled(): Promise<void>
  /** The last problem with the disk, for `/health`. */
  diskProblem(): string | null
}

export type ConfigMessage = Extract<ServerMessage, { type: 'config.snapshot' | 'config.changes' }>
type Sent = Extract<GatewayMessage, { type: 'config.ack' | 'config.resync' }>

interface Needs {
  dataPlane: Pick<DataPlane, 'apply'>
  store: Pick<ConfigStore, 'load' | 'saveAll' | 'append' | 'wantsWhole' | 'distrust'>
  /** Reaches the control plane when the link is up; is lost otherwise. */
  send: (message: Sent) => void
  clock: Clock
  logger: Logger
  /** Called after a revision came into force. */
  changed?: (prepared: Prepared) => void
}

const resyncDelayMaxMs = 30_000

export function createConfiguration({
  dataPlane,
  store,
  send,
  clock,
  logger,
  changed,
}: Needs): Configuration {
  const set = createHeldSet()
  const parts = createSnapshotParts()
  let queue: ConfigMessage[] = []
  let working: Promise<void> | null = null
  let jwks: JSONWebKeySet | null = null
  /** To be brought into force. */
  let newKeys: JSONWebKeySet | null = null
  let latestKeys: JSONWebKeySet | null = null
  let connected = false
  let announced = 0
  /** Nothing but a snapshot is taken until one has come. */
  let awaitingSnapshot = false
  /** The first configuration of a connection may be older than ours: the control plane was restored from a backup. */
  let firstOfLink = false
  let refusals = 0
  let cancelResync: (() => void) | null = null
  let diskProblem: string | null = null

  function acknowledge(): void {
    const held = set.held()
    if (held !== null)
      send({ type: 'config.ack', payload: { version: held.revision, checksum: held.checksum } })
  }

  /** At once the first time; later ones wait longer and longer, so that a set nobody can use does not go round in circles. */
  function resync(reason: string): void {
    logger.warn({ reason, held: set.held() }, 'A configuration was refused; asking for a whole one')
    parts.clear()
    awaitingSnapshot = true
    const delayMs = refusals === 0 ? 0 : Math.min(resyncDelayMaxMs, 1_000 * 2 ** (refusals - 1))
    refusals += 1
    const ask = () => send({ type: 'config.resync', payload: { reason: reason.slice(0, 200) } })
    cancelResync?.()
    cancelResync = delayMs === 0 ? null : clock.after(delayMs, ask)
    if (delayMs === 0) ask()
  }

  async function bringIntoForce(prepared: Prepared, changes: readonly ConfigChange[]): Promise<void> {
    const { revision, replaceAll, upserts, removals } = prepared
    // Others may come while these are brought into force.
    const given = newKeys
    const keys = given ?? (replaceAll ? jwks : null)
    await dataPlane.apply({
      revision,
      replaceAll,
      upserts,
      removals,
      ...(keys === null ? {} : { jwks: keys }),
    })
    prepared.commit()
    firstOfLink = false
    awaitingSnapshot = false
    refusals = 0
    if (given !== null) jwks = given
    if (newKeys === given) newKeys = null
    await persist(replaceAll ? null : [...changes.map((change) => ({ change })), ...keyRecord(given)])
    acknowledge()
    changed?.(prepared)
    logger.debug({ revision, upserts: upserts.length, removals: removals.length }, 'Configuration in force')
  }

  /** A full disk must not stop a revocation: the gateway serves and acknowledges, and says that it cannot save. */
  async function persist(records: Parameters<ConfigStore['append']>[0] | null): Promise<void> {
    const held = set.held()
    if (held === null) return
    try {
      if (records === null || store.wantsWhole())
        await store.saveAll({ ...held, entries: set.entries(), jwks })
      else if (records.length > 0) await store.append(records)
      diskProblem = null
    } catch (error) {
      diskProblem = error instanceof Error ? error.message : String(error)
      logger.error(
        { err: error },
        'The configuration could not be saved; after a restart an older one would serve',
      )
    }
  }

  async function takeSnapshotPart(
    message: Extract<ConfigMessage, { type: 'config.snapshot' }>,
  ): Promise<void> {
    const snapshot = parts.add(message.payload)
    if (snapshot === null) return
    const held = set.held()
    if (held !== null && snapshot.revision <= held.revision && !awaitingSnapshot && !firstOfLink) {
      acknowledge()
      return
    }
    await bringIntoForce(set.prepareSnapshot(snapshot), [])
  }

  async function takeChanges(changes: readonly ConfigChange[]): Promise<void> {
    if (awaitingSnapshot) return
    const before = set.held()?.revision ?? 0
    const prepared = set.prepareChanges(changes)
    if (prepared === null) acknowledge()
    else await bringIntoForce(prepared, firstOfEach(changes, before))
  }

  async function work(): Promise<void> {
    for (;;) {
      const message = queue.shift()
      try {
        if (message === undefined) {
          if (newKeys === null || set.held() === null) return
          await takeKeysAlone()
        } else if (message.type === 'config.snapshot') await takeSnapshotPart(message)
        else {
          const changes = [...message.payload.changes]
          while (queue[0]?.type === 'config.changes') {
            const next = queue.shift()
            if (next?.type === 'config.changes') changes.push(...next.payload.changes)
          }
          await takeChanges(changes)
        }
      } catch (error) {
        if (!(error instanceof ConfigRefusal))
          logger.error({ err: error }, 'A configuration could not be applied')
        // What could not be brought into force is worth another try.
        latestKeys = null
        resync(error instanceof Error ? error.message : String(error))
      }
    }
  }

  async function takeKeysAlone(): Promise<void> {
    const keys = newKeys
    const revision = set.held()?.revision
    if (keys === null || revision === undefined) return
    newKeys = null
    await dataPlane.apply({ revision, replaceAll: false, upserts: [], removals: [], jwks: keys })
    jwks = keys
    await persist(keyRecord(keys))
  }

  function wake(): void {
    working ??= work().finally(() => {
      working = null
      if (queue.length > 0 || (newKeys !== null && set.held() !== null)) wake()
    })
  }

  return {
    async loadSaved() {
      try {
        const stored = await store.load()
        if (stored === null) return
        const whole = createHeldSet()
        whole.prepareSnapshot(stored.base).commit()
        whole.prepareChanges(stored.changes)?.commit()
        const prepared = set.prepareSnapshot({ ...stored.base, ...whole.held(), entries: whole.entries() })
        const { revision, replaceAll, upserts, removals } = prepared
        const keys = stored.jwks === null ? {} : { jwks: stored.jwks }
        await dataPlane.apply({ revision, replaceAll, upserts, removals, ...keys })
        prepared.commit()
        jwks = stored.jwks
        changed?.(prepared)
        logger.info({ ...set.held(), savedAt: stored.savedAt }, 'Serving the configuration saved on disk')
      } catch (error) {
        store.distrust()
        diskProblem = error instanceof Error ? error.message : String(error)
        logger.error({ err: error }, 'The saved configuration is not used')
      }
    },
    held: set.held,
    source() {
      const held = set.held()
      if (held === null) return 'none'
      return connected && !awaitingSnapshot && held.revision >= announced ? 'live' : 'cache'
    },
    linkOpened(configVersion) {
      connected = true
      announced = configVersion
      firstOfLink = true
      acknowledge()
    },
    linkClosed() {
      connected = false
      awaitingSnapshot = false
      parts.clear()
      cancelResync?.()
      cancelResync = null
      queue = []
    },
    receive(message) {
      queue.push(message)
      wake()
    },
    unreadable: resync,
    takeKeys(keys) {
      if (JSON.stringify(keys) === JSON.stringify(latestKeys ?? jwks)) return
      latestKeys = keys
      newKeys = keys
      wake()
    },
    backlog: () => queue.length,
    async settled() {
      for (let pending = working; pending !== null; pending = working) await pending
    },
    diskProblem: () => diskProblem,
  }
}

const keyRecord = (keys: JSONWebKeySet | null) => (keys === null ? [] : [{ jwks: keys }])

/** The changes after `revision`, each once: what is appended to the file must follow without a gap or a double. */
function firstOfEach(changes: readonly ConfigChange[], revision: number): ConfigChange[] {
  let last = revision
  return changes.filter((change) => {
    if (change.revision <= last) return false
    last = change.revision
    return true
  })
}
