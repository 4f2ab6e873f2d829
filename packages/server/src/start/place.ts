import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { readOrCreateKeyFile } from '@holdfast/kernel/crypto/key-file'

/**
 * The name of a data directory, kept in it: servers that share the directory have the same name, and it outlives the name
 * of the machine or container. Made when it is first asked for.
 */
export function createPlace(dataDirectory: string): () => string {
  let place: string | undefined
  return () => (place ??= readOrCreateKeyFile(join(dataDirectory, 'place'), randomUUID).trim())
}
