import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { createTarDecoder } from 'modern-tar'
import { type BackupKey, decrypt } from './encryption.ts'
import { type ArchiveEntry, BackupFileError, entrySizeBytesMax } from './format.ts'
import { fromWeb, toWeb } from './streams.ts'

const ageMagic = Buffer.from('age-encryption.org/v1')

/**
 * The entries of a backup, one after the other; only one piece is in memory.
 * @throws BackupFileError when it is no backup, was damaged, or the key does not open it.
 */
export async function* readArchive(
  source: AsyncIterable<Uint8Array>,
  key: BackupKey,
): AsyncGenerator<ArchiveEntry> {
  const { isEncrypted, stream } = await look(source)
  const opened = isEncrypted ? await open(stream, key) : stream
  const gunzip = createGunzip()
  const unpacking = pipeline(Readable.from(fromWeb(opened)), gunzip)
  unpacking.catch(() => undefined)
  try {
    const unpacked = toWeb<Uint8Array>(gunzip).pipeThrough(createTarDecoder({ strict: true }))
    for await (const { header, body } of fromWeb(unpacked)) {
      if (header.size > entrySizeBytesMax)
        throw new BackupFileError('This backup is damaged: a piece is too long.')
      const pieces: Uint8Array[] = []
      for await (const piece of fromWeb(body)) pieces.push(piece)
      yield { name: header.name, content: Buffer.concat(pieces) }
    }
  } catch (error) {
    if (error instanceof BackupFileError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new BackupFileError(`This backup is damaged and cannot be read to its end: ${reason}`, {
      cause: error,
    })
  } finally {
    gunzip.destroy()
  }
}

/** Reads as far as it takes to tell an encrypted file from a plain one. */
async function look(
  source: AsyncIterable<Uint8Array>,
): Promise<{ isEncrypted: boolean; stream: ReadableStream<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  while (start.length < ageMagic.length) {
    const { done, value } = await iterator.next()
    if (done === true) break
    start = Buffer.concat([start, value])
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield start
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return {
    isEncrypted: start.subarray(0, ageMagic.length).equals(ageMagic),
    stream: toWeb(whole()),
  }
}

async function open(stream: ReadableStream<Uint8Array>, key: BackupKey): Promise<ReadableStream<Uint8Array>> {
  if (key === null)
    throw new BackupFileError(
      'This backup is encrypted. Give the passphrase or the secret key that opens it.',
    )
  try {
    return await decrypt(stream, key)
  } catch (error) {
    throw new BackupFileError('The passphrase or the secret key does not open this backup.', { cause: error })
  }
}
