import type { Lane, Lanes } from './repo/lanes.ts'

/**
 * Gathers what is asked of one target in one turn of the event loop, and while all connections are busy, into one
 * statement. Under load the statements grow instead of the queue; without load nobody waits longer than a turn.
 */
export interface Gather<Key, Item, Result> {
  /** Answers when the statement that carried `item` is done. */
  add(key: Key, item: Item): Promise<Result>
}

export interface GatherOptions<Item> {
  itemsMax: number
  /** What an item adds to the size of its statement, and how much one may carry. An item that is larger goes alone. */
  weigh?(item: Item): number
  weightMax?: number
}

interface Batch<Item, Result> {
  waiting: Waiting<Item, Result>[]
  weight: number
}

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * `run` receives the items of one key and answers one result per item, in order; an `Error` among them refuses that
 * item alone. When `run` throws, every item fails.
 */
export function createGather<Key extends object, Item, Result>(
  lanes: Lanes,
  { itemsMax, weigh = () => 0, weightMax = 0 }: GatherOptions<Item>,
  run: (lane: Lane, key: Key, items: Item[]) => Promise<(Result | Error)[]>,
): Gather<Key, Item, Result> {
  const open = new Map<Key, Batch<Item, Result>>()

  async function start(key: Key, batch: Batch<Item, Result>): Promise<void> {
    try {
      await lanes.use(async (lane) => {
        // From here on arrivals gather into the next batch.
        if (open.get(key) === batch) open.delete(key)
        const results = await run(
          lane,
          key,
          batch.waiting.map(({ item }) => item),
        )
        batch.waiting.forEach((waiting, index) => {
          const result = results[index]
          if (result instanceof Error) waiting.reject(result)
          else waiting.resolve(result as Result)
        })
      })
    } catch (error) {
      if (open.get(key) === batch) open.delete(key)
      for (const waiting of batch.waiting) waiting.reject(error)
    }
  }

  return {
    add(key, item) {
      return new Promise((resolve, reject) => {
        const waiting = { item, resolve, reject }
        const weight = weigh(item)
        const batch = open.get(key)
        if (batch !== undefined && batch.waiting.length < itemsMax && batch.weight + weight <= weightMax) {
          batch.waiting.push(waiting)
          batch.weight += weight
          return
        }
        const fresh = { waiting: [waiting], weight }
        open.set(key, fresh)
        void start(key, fresh)
      })
    },
  }
}
