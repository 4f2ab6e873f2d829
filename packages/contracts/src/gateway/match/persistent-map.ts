/**
 * A map that is never changed: an edit makes a new one, which shares all but the touched parts with the old. A change of one
 * entry among n costs about the square root of n, so that a small change of a large configuration stays small.
 */
export interface PersistentMap<V> {
  readonly size: number
  get(key: string): V | undefined
  /** Begins a series of changes; this map stays as it is. */
  edit(): MapEdit<V>
  values(): IterableIterator<V>
}

export interface MapEdit<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
  /** The map with all changes, the same one when there were none; the edit must not be used afterwards. */
  done(): PersistentMap<V>
}

const entriesPerShardMax = 32
const growth = 8

export function emptyMap<V>(): PersistentMap<V> {
  return nothing
}

/** A class, because there are as many of them as there are nodes in a trie. */
class ShardedMap<V> implements PersistentMap<V> {
  readonly size: number
  readonly #shards: readonly ReadonlyMap<string, V>[]
  constructor(shards: readonly ReadonlyMap<string, V>[], size: number) {
    this.#shards = shards
    this.size = size
  }
  get(key: string): V | undefined {
    if (this.size === 0) return undefined
    return this.#shards[shardOf(key, this.#shards.length - 1)]?.get(key)
  }
  edit(): MapEdit<V> {
    return createEdit(this, this.#shards)
  }
  *values(): IterableIterator<V> {
    for (const shard of this.#shards) yield* shard.values()
  }
}

function createEdit<V>(before: PersistentMap<V>, from: readonly ReadonlyMap<string, V>[]): MapEdit<V> {
  let shards = from.length === 0 ? [new Map<string, V>()] : [...from]
  let { size } = before
  /** Shards that are copies already, made by this edit. */
  let owned = new Map<number, Map<string, V>>()
  const own = (index: number): Map<string, V> => {
    const known = owned.get(index)
    if (known !== undefined) return known
    const copy = new Map(shards[index])
    shards[index] = copy
    owned.set(index, copy)
    return copy
  }
  const grow = () => {
    const next = Array.from({ length: shards.length * growth }, () => new Map<string, V>())
    for (const shard of shards) {
      for (const [key, value] of shard) next[shardOf(key, next.length - 1)]?.set(key, value)
    }
    shards = next
    owned = new Map(next.entries())
  }
  return {
    get: (key) => shards[shardOf(key, shards.length - 1)]?.get(key),
    set(key, value) {
      const shard = own(shardOf(key, shards.length - 1))
      if (!shard.has(key)) size += 1
      shard.set(key, value)
      if (size > shards.length * entriesPerShardMax) grow()
    },
    delete(key) {
      const index = shardOf(key, shards.length - 1)
      if (shards[index]?.has(key) !== true) return
      own(index).delete(key)
      size -= 1
    },
    done: () => (owned.size === 0 ? before : new ShardedMap(shards, size)),
  }
}

const nothing = new ShardedMap<never>([], 0)

/** FNV-1a with a last mix: shard counts are powers of two, and low bits alone would be poor. */
function shardOf(key: string, mask: number): number {
  if (mask === 0) return 0
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash ^ (hash >>> 15)) & mask
}
