import type { StoredEntry } from '../repo.ts'

/** An entry as one line that can be verified without a database: every hashed fact, and the hashes. */
export function lineOf({ previousHash, hash, ...facts }: StoredEntry): string {
  return `${JSON.stringify({ ...facts, previousHash: previousHash.toString('hex'), hash: hash.toString('hex') })}\n`
}

/** The entry of such a line. Throws a SyntaxError with a sentence for anything else. */
export function entryOf(line: string): StoredEntry {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null || !('chainId' in value) || !('sequence' in value))
    throw new SyntaxError('This line is not an audit entry. Export with format=ndjson.')
  const { previousHash, hash, ...facts } = value as Omit<StoredEntry, 'previousHash' | 'hash'> & {
    previousHash: unknown
    hash: unknown
  }
  return { ...facts, previousHash: bytes(previousHash), hash: bytes(hash) }
}

function bytes(value: unknown): Buffer {
  return Buffer.from(typeof value === 'string' ? value : '', 'hex')
}
