import type { DataPlaneChange } from '../data-plane.ts'
import { targetSlotsMax } from './target-table.ts'

/** Which place in the shared target table belongs to which target; kept by the main thread. */
export interface TargetSlotDirectory {
  /**
   * Places for all targets of the change's services; `fresh` were not in use before. Throws RangeError when the table is full.
   */
  assign(change: DataPlaneChange): { slots: Record<string, number>; fresh: number[] }
  /** After the change is in force: places of targets that are gone may be used again. */
  settle(change: DataPlaneChange): void
  find(serviceId: string, url: string): number | null
}

export function createTargetSlotDirectory(): TargetSlotDirectory {
  const slots = new Map<string, number>()
  const byService = new Map<string, string[]>()
  const free: number[] = []
  let used = 0

  const release = (key: string) => {
    const slot = slots.get(key)
    if (slot === undefined) return
    slots.delete(key)
    free.push(slot)
  }
  const keysOf = (change: DataPlaneChange): Map<string, string[]> =>
    new Map(
      change.upserts.flatMap((upsert): [string, string[]][] =>
        upsert.kind === 'service'
          ? [[upsert.id, upsert.entity.targets.map(({ url }) => `${upsert.id} ${url}`)]]
          : [],
      ),
    )

  return {
    assign(change) {
      const assigned: Record<string, number> = {}
      const fresh: number[] = []
      for (const key of [...keysOf(change).values()].flat()) {
        let slot = slots.get(key)
        if (slot === undefined) {
          slot = free.pop() ?? used++
          if (slot >= targetSlotsMax) throw new RangeError(`More than ${targetSlotsMax} targets.`)
          slots.set(key, slot)
          fresh.push(slot)
        }
        assigned[key] = slot
      }
      return { slots: assigned, fresh }
    },
    settle(change) {
      const next = keysOf(change)
      const gone = change.replaceAll
        ? [...byService.keys()].filter((id) => !next.has(id))
        : change.removals.filter(({ kind }) => kind === 'service').map(({ id }) => id)
      for (const id of gone) {
        for (const key of byService.get(id) ?? []) release(key)
        byService.delete(id)
      }
      for (const [id, keys] of next) {
        for (const key of byService.get(id) ?? []) if (!keys.includes(key)) release(key)
        byService.set(id, keys)
      }
    },
    find: (serviceId, url) => slots.get(`${serviceId} ${url}`) ?? null,
  }
}
