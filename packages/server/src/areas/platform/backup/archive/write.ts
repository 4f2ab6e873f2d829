import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { createTarPacker } from 'modern-tar'
import type { Encryption } from './encryption.ts'
import type { ArchiveEntry } from './format.ts'
import { fromWeb, toWeb } from './streams.ts'

export interface WrittenFile {
  sizeBytes: number
  /** Of the file as it lies there. */
  sha256: string
}

/**
 * Writes the entries as a tar, gzipped and perhaps encrypted, to a file that must not be there yet. When this resolves
 * the bytes are on the disk; when it throws the file is gone.
 */
export async function writeArchive(
  entries: AsyncIterable<ArchiveEntry>,
  path: string,
  encryption: Encryption | null,
  signal: AbortSignal,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      sizeBytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    const gzip = createGzip({ level: 6 })
    const packing = pipeline(Readable.from(fromWeb(tarOf(entries))), gzip, { signal })
    // Told by the pipeline below as well, which is the one that is waited for first.
    packing.catch(() => undefined)
    const output =
      encryption === null ? gzip : Readable.from(fromWeb(await encryption.encrypt(toWeb<Uint8Array>(gzip))))
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })
    await pipeline(output, measure, file, { signal })
    await packing
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

function tarOf(entries: AsyncIterable<ArchiveEntry>): ReadableStream<Uint8Array> {
  const { readable, controller } = createTarPacker()
  async function fill(): Promise<void> {
    for await (const { name, content } of entries) {
      const body = controller.add({ name, size: content.length, type: 'file', mode: 0o600 }).getWriter()
      await body.write(content)
      await body.close()
    }
    controller.finalize()
  }
  fill().catch((error: unknown) => controller.error(error))
  return readable
}
