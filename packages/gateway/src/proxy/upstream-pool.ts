import type { CompiledTarget } from '../match/compiled.ts'
import { openConnection, type UpstreamConnection } from './upstream-connection.ts'

/** Connections to services, kept open between requests; one set in each thread. */
export interface UpstreamPools {
  /** A connection that is idle, or a new one; null when this target has as many as it may. */
  take(target: CompiledTarget, options: { isFresh: boolean }): UpstreamConnection | null
  /** Closes what has been idle for too long. */
  sweep(nowMs: number): void
  closeAll(): void
}

/**
 * Shorter than any server's default (Node: 5 s): a connection that the service closes just as a request is written to it
 * fails that request, so the gateway wants to be the one who closes.
 */
const idleMsDefault = 4_000
const idleMsMax = 60_000
/** Taken off what the service promises, for the way there. */
const idleMarginMs = 1_000

interface Pool {
  /** The one used last is used next: the others grow old and are closed. */
  idle: UpstreamConnection[]
  open: Set<UpstreamConnection>
}

export function createUpstreamPools(nowMs: () => number, connectionsPerTargetMax: number): UpstreamPools {
  const pools = new Map<string, Pool>()

  const open = (target: CompiledTarget, pool: Pool): UpstreamConnection => {
    const connection = openConnection(target, {
      onIdle(idle, keepAliveMs) {
        const promisedMs = keepAliveMs === null ? idleMsDefault : keepAliveMs - idleMarginMs
        idle.idleUntilMs = nowMs() + Math.min(idleMsMax, promisedMs)
        if (promisedMs <= 0) idle.destroy()
        else pool.idle.push(idle)
      },
      onClose(closed) {
        pool.open.delete(closed)
        const index = pool.idle.indexOf(closed)
        if (index !== -1) pool.idle.splice(index, 1)
      },
    })
    pool.open.add(connection)
    return connection
  }

  return {
    take(target, { isFresh }) {
      let pool = pools.get(target.origin)
      if (pool === undefined) {
        pool = { idle: [], open: new Set() }
        pools.set(target.origin, pool)
      }
      // One that the service has just closed leaves the list a turn later; a request on it would never be sent.
      let idle = isFresh ? undefined : pool.idle.pop()
      while (idle?.isEnded === true) idle = pool.idle.pop()
      if (idle !== undefined) return idle
      return pool.open.size < connectionsPerTargetMax ? open(target, pool) : null
    },
    sweep(nowMs) {
      for (const [origin, pool] of pools) {
        for (const connection of pool.idle.filter(({ idleUntilMs }) => idleUntilMs <= nowMs)) {
          connection.destroy()
        }
        pool.idle = pool.idle.filter(({ idleUntilMs }) => idleUntilMs > nowMs)
        if (pool.open.size === 0) pools.delete(origin)
      }
    },
    closeAll() {
      for (const pool of pools.values()) for (const connection of pool.open) connection.destroy()
      pools.clear()
    },
  }
}
