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
import { createNestedLane } from './repo/transaction.ts'
import { createWriting } from './writing.ts'

export interface OperateOnNeeds {
  snapshot: () => Snapshot
  clock: Clock
  ids: Ids
}

/** Operations in the transaction that is open on `lane`: what they begin and commit is part of it. */
export function operateOn(lane: Lane, { snapshot, clock, ids }: OperateOnNeeds): Operate {
  const lanes = oneAtATime(createNestedLane(lane))
  // Nothing has happened before the transaction commits, and whoever opened it says so then.
  const onWrite = () => undefined
  const access = createRecordAccess({ reads: lanes, writes: lanes, clock, onWrite })
  const bulk = createBulk({ access, writes: lanes, snapshot, ids, clock, onWrite })
  const idempotency = createIdempotency({ writes: lanes, clock, onWrite })
  const renderer = createRenderer({ access, snapshot })
  return createOperate({
    reading: createReading({ access, queries: lanes, renderer, clock }),
    writing: createWriting({ access, bulk, idempotency, snapshot, ids }),
    bulk,
  })
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
