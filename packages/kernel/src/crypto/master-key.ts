import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MasterKey } from './envelope.ts'

/**
 * Reads the master keys: from the setting (base64 of 32 bytes; several separated by commas, the first one seals),
 * else from a 0600 file that is made on the first start.
 */
export function loadMasterKeys(setting: string | undefined, filePath: string): [MasterKey, ...MasterKey[]] {
  const text = setting ?? readOrCreate(filePath)
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

function readOrCreate(filePath: string): string {
  if (!existsSync(filePath)) {
    mkdirSync(dirname(filePath), { recursive: true, mode: 0o700 })
    const fresh = `${filePath}.${process.pid}`
    writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      // link() does not overwrite: of two servers that start together one wins, and both read the winner's key.
      linkSync(fresh, filePath)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      unlinkSync(fresh)
    }
  }
  chmodSync(filePath, 0o600)
  return readFileSync(filePath, 'utf8')
}
