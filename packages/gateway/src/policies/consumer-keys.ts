import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/**
 * SHA-256 of consumer keys, remembered for keys that were good. Only the sum is remembered, never that the key was good:
 * each request looks the consumer up in the snapshot in force, so that a revoked key ends with the snapshot that had it.
 */
export interface KeyHashes {
  /** `find` looks a consumer up by the sum. What it does not find is not remembered: guessing must not empty the memory. */
  resolve<T>(key: string, find: (keyHash: string) => T | undefined): T | null
}

const rememberedMax = 20_000
const keyLengthMax = 300

export function createKeyHashes(): KeyHashes {
  const known = new LRUCache<string, string>({ max: rememberedMax })
  return {
    resolve(key, find) {
      if (key.length > keyLengthMax) return null
      const remembered = known.get(key)
      const keyHash = remembered ?? hash('sha256', key, 'hex')
      const found = find(keyHash)
      if (found === undefined) {
        if (remembered !== undefined) known.delete(key)
        return null
      }
      if (remembered === undefined) known.set(key, keyHash)
      return found
    },
  }
}
