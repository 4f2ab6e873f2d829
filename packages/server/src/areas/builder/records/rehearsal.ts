import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import type { Snapshot } from '../model.ts'
import { createBulk } from './bulk.ts'
import { createIdempotency } from './idempotency.ts'
import { createOperate, type Operate } from './operations.ts'
import { createReading } from './reading.ts'
import { createRenderer } from './renderer.ts'
import { createRecordAccess } from './record-access.ts'
import type { Lane, Lanes } from './repo/lanes.ts'
import { createNestedLane, rolledBack } from './repo/transaction.ts'
import { createWriting } from './writing.ts'

/** Runs `work` with operations on real records that leave nothing behind: all in one transaction, which is rolled back. */
export type Rehearse = <T>(work: (operate: Operate) => Promise<T>) => Promise<T>

interface Needs {
  queries: Lanes
  snapshot: () => Snapshot
  clock: Clock
  ids: Ids
}

export function createRehearse({ queries, snapshot, clock, ids }: Needs): Rehearse {
  return (work) =>
    queries.use((lane) =>
      rolledBack(lane, () => {
        const lanes = oneAtATime(createNestedLane(lane))
        const onWrite = () => undefined
        const access = createRecordAccess({ reads: lanes, writes: lanes, clock, onWrite })
        const bulk = createBulk({ access, writes: lanes, snapshot, ids, clock, onWrite })
        const idempotency = createIdempotency({ writes: lanes, clock, onWrite })
        return work(
          createOperate({
            reading: createReading({
              access,
              queries: lanes,
              renderer: createRenderer({ access, snapshot }),
              clock,
            }),
            writing: createWriting({ access, bulk, idempotency, snapshot, ids }),
            bulk,
          }),
        )
      }),
    )
}

/** A single connection as lanes: what is asked meanwhile waits for its turn. */
function oneAtATime(lane: Lane): Lanes {
  let last: Promise<unknown> = Promise.resolve()
  return {
    use(work) {
      const mine = last.then(() => work(lane))
      last = mine.catch(() => undefined)
      return mine
    },
    close: async () => undefined,
  }
}
