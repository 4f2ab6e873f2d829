import { createHash, randomBytes } from 'node:crypto'
import type { MasterKey } from './envelope.ts'
import { SentenceError } from '../sentence-error.ts'
import { readOrCreateKeyFile } from './key-file.ts'

/**
 * Reads the master keys: from the setting (base64 of 32 bytes; several separated by commas, the first one seals),
 * else from a 0600 file that is made on the first start.
 */
export function loadMasterKeys(setting: string | undefined, filePath: string): [MasterKey, ...MasterKey[]] {
  const text = setting ?? readOrCreateKeyFile(filePath, () => randomBytes(32).toString('base64'))
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const [first, ...rest] = parts.map((part) => {
    try {
      return parseMasterKey(part)
    } catch (cause) {
      const where = setting === undefined ? `${filePath} is damaged` : 'HOLDFAST_MASTER_KEY is wrong'
      throw new SentenceError(
        `${where}: a master key must be base64 of 32 random bytes. Restore it from a backup: without it, stored secrets cannot be read.`,
        { cause },
      )
    }
  })
  if (first === undefined)
    throw new SentenceError(`There is no master key in ${filePath}. Restore the file from a backup.`)
  return [first, ...rest]
}

/** Throws, with words that continue the name of a setting, unless `text` is base64 of exactly 32 bytes. */
export function parseMasterKey(text: string): MasterKey {
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) {
    throw new Error('must be base64 of 32 random bytes. Make one with: openssl rand -base64 32')
  }
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }
}
