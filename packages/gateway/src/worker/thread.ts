import type { Voucher } from '@holdfast/kernel/crypto/vouched-client'
import type { DataPlaneBounds, DataPlaneChange } from '../data-plane.ts'
import { createAddressKeys } from '../limits/limit-keys.ts'
import { openTargetTable } from '../limits/target-table.ts'
import { openWindowTable } from '../limits/window-table.ts'
import { applyChange, emptySnapshot, type Snapshot } from '../match/snapshot.ts'
import { createConsumerKeys } from '../policies/consumer-keys.ts'
import { createBalancer } from '../proxy/balancer.ts'
import type { OwnPage } from '../proxy/own-pages.ts'
import { createDeadlines } from '../proxy/deadlines.ts'
import { createUpstreamPools } from '../proxy/upstream-pool.ts'
import { openCounters } from './counters.ts'
import { createRecorder, type ThreadEvents } from './recorder.ts'
import { createFrontServer } from './front-server.ts'
import type { ThreadContext } from './thread-context.ts'

/** Memory that all threads of a data plane share. */
export interface SharedMemory {
  callerWindows: SharedArrayBuffer
  addressWindows: SharedArrayBuffer
  targets: SharedArrayBuffer
  targetsOriginMs: number
}

export interface ThreadSettings {
  host: string
  trustedProxies: number
  bounds: DataPlaneBounds
  shared: SharedMemory
  /** This thread's own counters. */
  counters: SharedArrayBuffer
  voucher: Voucher | null
}

/** Places of targets in the shared table, by `<service id> <url>`. */
export type TargetSlots = Readonly<Record<string, number>>

/** One thread's part of the data plane. */
export interface DataPlaneThread {
  /** Answers the port that was taken. `reusePort`: other threads listen on it too. */
  listen(port: number, reusePort: boolean): Promise<number>
  /** Builds the next snapshot beside the one in force. Throws when it cannot be built. */
  prepare(change: DataPlaneChange, slots: TargetSlots): void
  /** Puts the prepared snapshot into force, at once. */
  commit(): void
  discard(): void
  publish(path: string, page: OwnPage | null): void
  suspend(isSuspended: boolean): void
  drain(): Promise<void>
  stop(): Promise<void>
}

const flushIntervalMs = 200

export function createThread(
  settings: ThreadSettings,
  nowMs: () => number,
  emit: (events: ThreadEvents) => void,
): DataPlaneThread {
  const { shared, bounds } = settings
  const targets = openTargetTable(shared.targets, shared.targetsOriginMs)
  const counters = openCounters(settings.counters)
  const recorder = createRecorder(counters, emit)
  const pools = createUpstreamPools(() => performance.now(), bounds.connectionsPerTargetMax)
  let snapshot: Snapshot | null = null
  let prepared: Snapshot | null = null
  let isDraining = false
  let isSuspended = false
  const pages = new Map<string, OwnPage>()

  const context: ThreadContext = {
    bounds,
    trustedProxies: settings.trustedProxies,
    nowMs,
    isDraining: () => isDraining,
    callerWindows: openWindowTable(shared.callerWindows),
    addressWindows: openWindowTable(shared.addressWindows),
    addressKey: createAddressKeys(),
    targets,
    consumerKeys: createConsumerKeys(),
    pools,
    balancer: createBalancer(targets),
    deadlines: createDeadlines(() => pools.sweep(performance.now())),
    pages,
    recorder,
    voucher: settings.voucher,
  }
  const front = createFrontServer(context, counters, () => (isSuspended ? null : snapshot))
  const flushTimer = setInterval(() => recorder.flush(), flushIntervalMs)
  flushTimer.unref()

  /** A stream or a WebSocket must not outlive the credential that opened it. */
  const withdrawGone = ({ consumers, members }: Snapshot) =>
    context.deadlines.withdraw(
      ({ consumerId, userId }) =>
        (consumerId !== null && consumers.get(consumerId) === undefined) ||
        (userId !== null && members.get(userId) === undefined),
    )

  return {
    listen: (port, reusePort) => front.listen({ host: settings.host, port, reusePort }),
    prepare(change, slots) {
      const slotOf = (serviceId: string, url: string): number => {
        const slot = slots[`${serviceId} ${url}`]
        if (slot === undefined) throw new RangeError(`No place for the target ${url}.`)
        return slot
      }
      prepared = applyChange(snapshot ?? emptySnapshot(), change, slotOf)
    },
    commit() {
      if (prepared === null) return
      snapshot = prepared
      prepared = null
      withdrawGone(snapshot)
    },
    discard() {
      prepared = null
    },
    publish(path, page) {
      if (page === null) pages.delete(path)
      else pages.set(path, page)
    },
    suspend(next) {
      isSuspended = next
      if (isSuspended) context.deadlines.withdraw(() => true)
    },
    async drain() {
      isDraining = true
      await front.close()
      recorder.flush()
    },
    async stop() {
      isDraining = true
      clearInterval(flushTimer)
      context.deadlines.stop()
      const closed = front.close()
      front.destroyAll()
      await closed
      pools.closeAll()
      recorder.flush()
    },
  }
}
