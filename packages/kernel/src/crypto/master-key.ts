import { createHash, randomBytes } from 'node:crypto'
import type { MasterKey } from './envelope.ts'
import { readOrCreateKeyFile } from './key-file.ts'

/**
 * Reads the master keys: from the setting (base64 of 32 bytes; several separated by commas, the first one seals),
 * else from a 0600 file that is made on the first start.
 */
export function loadMasterKeys(setting: string | undefined, filePath: string): [MasterKey, ...MasterKey[]] {
  const text = setting ?? readOrCreateKeyFile(filePath, () => randomBytes(32).toString('base64'))
  const keys = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseMasterKey)
  const [first, ...rest] = keys
  if (first === undefined)
    throw new Error(`There is no master key in ${filePath}. Restore the file from a backup.`)
  return [first, ...rest]
}

/** Throws with a sentence unless `text` is base64 of exactly 32 bytes. */
export function parseMasterKey(text: string): MasterKey {
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) {
    throw new Error('A master key must be base64 of 32 random bytes. Make one with: openssl rand -base64 32')
  }
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
}
