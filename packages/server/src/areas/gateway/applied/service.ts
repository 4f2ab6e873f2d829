import type { Database } from '@holdfast/database/database'
import { type Clock, systemClock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { GatewayStandings } from '../gateways/model.ts'
import { onlineMs } from '../gateways/rules.ts'

/**
 * Waits until the gateways of a tenant have put a revision into force. The acknowledgement may reach any replica: the
 * one that waits is told by NOTIFY and reads again; it never asks without a reason.
 */
export interface Applied {
  /** Ends when every connected gateway has it, after `timeoutMs` of real time, or when `ctx.signal` does. */
  wait(ctx: Context, organizationId: string, revision: number, timeoutMs: number): Promise<Standing>
  part: Part
}

export interface Standing {
  connected: number
  applied: number
}

interface Needs {
  gateways: GatewayStandings
  database: Pick<Database<Tables>, 'tenant'>
  clock: Clock
}

export function createApplied({ gateways, database, clock }: Needs): Applied {
  const waiting = new Map<string, Set<() => void>>()
  let stopListening: (() => Promise<void>) | undefined

  function wake(organizationId: string | null): void {
    const sets = organizationId === null ? [...waiting.values()] : [waiting.get(organizationId) ?? []]
    for (const set of sets) for (const look of set) look()
  }

  function add(organizationId: string, look: () => void): () => void {
    const set = waiting.get(organizationId) ?? new Set()
    waiting.set(organizationId, set.add(look))
    return () => {
      set.delete(look)
      if (set.size === 0 && waiting.get(organizationId) === set) waiting.delete(organizationId)
    }
  }

  const read = (ctx: Context, organizationId: string, revision: number): Promise<Standing> =>
    database.tenant({ ...ctx, organizationId }, (tx) =>
      gateways.standing(tx, revision, new Date(clock.nowMs() - onlineMs)),
    )

  return {
    async wait(ctx, organizationId, revision, timeoutMs) {
      let changed = Promise.withResolvers<void>()
      let isOver = false
      const end = () => {
        isOver = true
        changed.resolve()
      }
      // Before the first look: what comes between looking and waiting must not be missed.
      const remove = add(organizationId, () => changed.resolve())
      // Other processes are waited for in real time, whatever clock the rest of the server has.
      const cancel = systemClock.after(timeoutMs, end)
      ctx.signal.addEventListener('abort', end, { once: true })
      try {
        for (;;) {
          changed = isOver ? changed : Promise.withResolvers<void>()
          const standing = await read(ctx, organizationId, revision)
          if (standing.applied >= standing.connected || isOver || ctx.signal.aborted) return standing
          await changed.promise
        }
      } finally {
        cancel()
        remove()
        ctx.signal.removeEventListener('abort', end)
      }
    },
    part: {
      name: 'gateway acknowledgements',
      async start() {
        stopListening = await gateways.listen(wake)
      },
      async stop() {
        await stopListening?.()
      },
    },
  }
}
