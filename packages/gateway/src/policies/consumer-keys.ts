import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { CompiledConsumer } from '../match/compiled.ts'
import type { Snapshot } from '../match/snapshot.ts'

/**
 * Finds the consumer of a key. What was found is remembered for as long as the very same consumers are in force: with the
 * snapshot that brings others, everybody is looked up again, so that a revoked key ends with the snapshot that had it. The
 * SHA-256 of a key that was good is remembered for longer, because it never changes.
 */
export interface ConsumerKeys {
  /** Null when the key is nobody's. That is not remembered: guessing must not empty the memory. */
  find(key: string, consumersByHash: Snapshot['consumersByHash']): CompiledConsumer | null
}

const rememberedMax = 20_000
const keyLengthMax = 300

export function createConsumerKeys(): ConsumerKeys {
  const hashes = new LRUCache<string, string>({ max: rememberedMax })
  let inForce: Snapshot['consumersByHash'] | undefined
  let found = new Map<string, CompiledConsumer>()

  function search(key: string, consumersByHash: Snapshot['consumersByHash']): CompiledConsumer | null {
    if (key.length > keyLengthMax) return null
    const known = hashes.get(key)
    const keyHash = known ?? hash('sha256', key, 'hex')
    const consumer = consumersByHash.get(keyHash)
    if (consumer === undefined) {
      if (known !== undefined) hashes.delete(key)
      return null
    }
    if (known === undefined) hashes.set(key, keyHash)
    if (found.size >= rememberedMax) found = new Map()
    found.set(key, consumer)
    return consumer
  }

  return {
    find(key, consumersByHash) {
      if (consumersByHash !== inForce) {
        inForce = consumersByHash
        found = new Map()
      }
      return found.get(key) ?? search(key, consumersByHash)
    },
  }
}
