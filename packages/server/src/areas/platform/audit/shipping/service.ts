import type { ObjectStore } from '../../../../object-store/store.ts'
import type { Context } from '../../../../context.ts'
import type { JobHandler, Jobs } from '../../../../work/jobs/service.ts'
import { createShip } from './drivers.ts'
import type { ShippingTarget } from './targets.ts'

const jobName = 'audit.ship'

/** Copies of audit proof for places outside this machine. */
export interface Shipping {
  /** In `ctx.tx`: sends this to every place, one job for each, tried for about three days. For small things. */
  later(ctx: Context, name: string, text: string): Promise<void>
  /** Sends this to every place now. Throws when one has not taken it. */
  now(name: string, content: Buffer): Promise<void>
  targets: readonly string[]
  job: JobHandler
}

interface Needs {
  targets: readonly ShippingTarget[]
  objectStore: ObjectStore | null
  jobs: Pick<Jobs, 'add'>
}

export function createShipping({ targets, objectStore, jobs }: Needs): Shipping {
  const ships = new Map(targets.map((target) => [target.name, createShip(target, objectStore)]))
  return {
    targets: [...ships.keys()],

    async later(ctx, name, text) {
      for (const target of ships.keys())
        await jobs.add(ctx, jobName, { target, name, text }, { key: `${jobName}:${target}:${name}` })
    },

    async now(name, content) {
      for (const ship of ships.values()) await ship(name, content)
    },

    job: {
      name: jobName,
      attemptsMax: 25,
      async run(_ctx, payload) {
        const { target, name, text } = payload as { target: string; name: string; text: string }
        // A place that is no longer configured gets nothing: there is nobody to send it to.
        await ships.get(target)?.(name, Buffer.from(text))
      },
    },
  }
}
