import { operateOn, type OperateOnNeeds } from './operate-on.ts'
import type { Operate } from './operations.ts'
import type { Lanes } from './repo/lanes.ts'
import { rolledBack } from './repo/transaction.ts'

/**
 * Runs `work` with operations on real records that leave nothing behind: all in one transaction, which is rolled back. It
 * begins with the first operation, so that who waits for something else, or never asks, holds no connection.
 */
export type Rehearse = <T>(work: (operate: Operate) => Promise<T>) => Promise<T>

export function createRehearse({ lanes, ...needs }: OperateOnNeeds & { lanes: Lanes }): Rehearse {
  /** Answers the operations of a transaction that lasts until `over`. */
  function open(over: Promise<void>): Promise<Operate> {
    return new Promise((resolve, reject) => {
      const hold = lanes.use((lane) =>
        rolledBack(lane, () => {
          resolve(operateOn(lane, needs))
          return over
        }),
      )
      hold.catch(reject)
    })
  }

  return async (work) => {
    const over = Promise.withResolvers<void>()
    const underWay = new Set<Promise<unknown>>()
    let opened: Promise<Operate> | undefined
    let isOver = false
    const operate: Operate = async (...request) => {
      if (isOver) throw new Error('The rehearsal is over.')
      opened ??= open(over.promise)
      const answer = opened.then((operateHere) => operateHere(...request))
      underWay.add(answer)
      return answer
    }
    try {
      return await work(operate)
    } finally {
      isOver = true
      // What is still under way would go on after the roll-back, and would be kept.
      await Promise.allSettled(underWay)
      over.resolve()
    }
  }
}
