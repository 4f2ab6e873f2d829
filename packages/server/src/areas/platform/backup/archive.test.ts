import { hash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEncryption, isRecipient, type BackupKey, type BackupLock } from './archive/encryption.ts'
import type { ArchiveEntry } from './archive/format.ts'
import { readArchive } from './archive/read.ts'
import { writeArchive } from './archive/write.ts'
import { createRowFacts } from './dump/rows.ts'

const entries: ArchiveEntry[] = [
  { name: 'header.json', content: Buffer.from('{}') },
  { name: 'tables/00000/00000.copy', content: randomBytes(3_000_000) },
  { name: 'tables/00001/00000.copy', content: Buffer.from('') },
  { name: 'manifest.json', content: Buffer.from('[]') },
]
/** Comparing megabytes element by element takes minutes. */
const digests = (list: readonly ArchiveEntry[]) =>
  list.map(({ name, content }) => `${name} ${hash('sha256', content)}`)
const never = new AbortController().signal

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'backup-archive-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

async function* of<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list
}

async function written(lock: BackupLock): Promise<{ path: string; key: BackupKey }> {
  const path = join(await folder(), 'file')
  const encryption = await createEncryption(lock)
  await writeArchive(of(entries), path, encryption, never)
  return { path, key: encryption?.key ?? null }
}

async function read(path: string, key: BackupKey): Promise<string[]> {
  const found: ArchiveEntry[] = []
  for await (const entry of readArchive(createReadStream(path), key)) found.push(entry)
  return digests(found)
}

describe('the file of a backup', () => {
  it('comes out as it went in', async () => {
    const { path, key } = await written({ kind: 'none' })
    expect(await read(path, key)).toEqual(digests(entries))
  })

  it('under a passphrase is what every age program reads and writes', async () => {
    const passphrase = 'four random words'
    const { path } = await written({ kind: 'passphrase', passphrase })
    const theirs = new Decrypter()
    theirs.addPassphrase(passphrase)
    const closed = await readFile(path)
    expect(closed.includes('header.json')).toBe(false)
    const plain = await theirs.decrypt(closed)
    expect(gunzipSync(plain).includes('header.json')).toBe(true)
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    // Cheap, so that reading it twice is.
    encrypter.setScryptWorkFactor(10)
    await writeFile(path, await encrypter.encrypt(plain))
    expect(await read(path, { passphrase })).toEqual(digests(entries))
    await expect(read(path, { passphrase: 'four other words' })).rejects.toThrow('does not open')
  })

  it('for a recipient opens with their key, and with the one that verifies it', async () => {
    const identity = await generateX25519Identity()
    const { path, key } = await written({ kind: 'recipient', recipient: await identityToRecipient(identity) })
    expect(await read(path, key)).toEqual(digests(entries))
    expect(await read(path, { identity })).toEqual(digests(entries))
    const stranger = await generateX25519Identity()
    await expect(read(path, { identity: stranger })).rejects.toThrow('does not open this backup')
    await expect(read(path, null)).rejects.toThrow('is encrypted')
  })

  it('cut off anywhere it is refused, not read as a shorter one', async () => {
    const { path } = await written({ kind: 'none' })
    const whole = await readFile(path)
    for (const share of [0.01, 0.5, 0.99, 0.9999]) {
      await writeFile(path, whole.subarray(0, Math.floor(whole.length * share)))
      await expect(read(path, null)).rejects.toThrow('damaged')
    }
  })

  it('with one byte changed it is refused', async () => {
    const { path } = await written({ kind: 'none' })
    const whole = await readFile(path)
    whole.writeUInt8(whole.readUInt8(1_500_000) ^ 1, 1_500_000)
    await writeFile(path, whole)
    await expect(read(path, null)).rejects.toThrow('damaged')
  })

  it('leaves nothing behind when its making fails', async () => {
    const directory = await folder()
    async function* failing(): AsyncGenerator<ArchiveEntry> {
      yield* entries
      throw new Error('The database is gone.')
    }
    const making = writeArchive(failing(), join(directory, 'file'), null, never)
    await expect(making).rejects.toThrow('The database is gone.')
    expect(await readdir(directory)).toEqual([])
  })

  it('knows whom a file can be closed for', async () => {
    expect(await isRecipient(await identityToRecipient(await generateX25519Identity()))).toBe(true)
    expect(await isRecipient('age1nobody')).toBe(false)
  })
})

describe('the fingerprint of rows', () => {
  const factsOf = (...chunks: string[]) => {
    const counted = createRowFacts()
    for (const chunk of chunks) counted.push(Buffer.from(chunk))
    return counted.facts()
  }

  it('is the same however the stream is cut and whatever the order, and another when a row differs', () => {
    const whole = factsOf('1\tone\n2\ttwo\n3\tthree\n')
    expect(whole.rows).toBe(3)
    expect(factsOf('1\to', 'ne', '\n2\ttwo\n3\tthree', '\n')).toEqual(whole)
    expect(factsOf('3\tthree\n1\tone\n2\ttwo\n').fingerprint).toBe(whole.fingerprint)
    expect(factsOf('1\tone\n2\ttwo\n3\tthred\n').fingerprint).not.toBe(whole.fingerprint)
    expect(factsOf('1\tone\n1\tone\n').fingerprint).not.toBe(factsOf('2\ttwo\n2\ttwo\n').fingerprint)
  })
})
