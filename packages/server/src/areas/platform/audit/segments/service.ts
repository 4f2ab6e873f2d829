import { createHash } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../../context.ts'
import type { Tables } from '../../../../tables.ts'
import { organizationOf } from '../checkpoints/rules.ts'
import { lineOf } from '../export/lines.ts'
import type { AuditKeys } from '../keys/service.ts'
import type { AuditRepo } from '../repo.ts'
import type { AuditLog } from '../service.ts'
import type { Shipping } from '../shipping/service.ts'
import { type Checkpoint, chainStart, walkChain } from '../verify.ts'
import type { SegmentsRepo } from './repo.ts'
import { type SealedSegment, segmentText } from './rules.ts'

/**
 * Sealed segments: the oldest entries of a chain, verified, written to a file, copied to every place that checkpoints are
 * shipped to, and only then taken out of the database. The signed end of the last segment is where verification begins.
 *
 * Invariants: entries leave only in whole, verified segments, in order; a segment that has not been copied everywhere
 * is not sealed; sealing is an audit entry itself. PostgreSQL refuses to delete an entry that no segment holds.
 */
export interface Segments {
  /** Seals what happened before this instant; answers how many entries went. Throws when a chain does not verify. */
  sealBefore(ctx: Context, before: Date): Promise<number>
  list(ctx: Context, chainId: string): Promise<SealedSegment[]>
}

interface Needs {
  repo: SegmentsRepo
  entries: Pick<AuditRepo, 'chains' | 'readChain'>
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  shipping: Pick<Shipping, 'now'>
  keys: Pick<AuditKeys, 'publish' | 'signer'>
  directory: string
  clock: Clock
}

/** One segment: about 20 MB of lines in memory, 2 MB in its file. */
const segmentEntriesMax = 20_000
const compress = promisify(gzip)

export function createSegments(needs: Needs): Segments {
  const { repo, entries, database, audit, shipping, keys, directory, clock } = needs

  async function write(name: string, content: Buffer): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const path = join(directory, name)
    const file = await open(`${path}.part`, 'w', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.part`, path)
  }

  /** Answers the segment with its file written and shipped; nothing is removed yet. */
  async function prepare(chainId: string, start: Checkpoint, toSequence: number): Promise<SealedSegment> {
    const batches = await Array.fromAsync(entries.readChain(chainId, start.sequence, toSequence))
    const walk = await walkChain(toAsync(batches), [], start)
    if (walk.fault !== null)
      throw new Error(`Audit entries cannot be sealed: entry ${walk.fault.sequence} is ${walk.fault.kind}.`)
    const content = await compress(Buffer.from(batches.flat().map(lineOf).join('')))
    const fileName = `${chainId}-${start.sequence + 1}-${toSequence}.ndjson.gz`
    await write(fileName, content)
    await shipping.now(fileName, content)
    const { keyId, sign } = keys.signer()
    const facts = {
      organizationId: organizationOf(chainId),
      fromSequence: start.sequence + 1,
      toSequence,
      lastHash: walk.head.toString('hex'),
      fileName,
      fileHash: createHash('sha256').update(content).digest('hex'),
      sealedAt: clock.now().toISOString(),
      keyId,
    }
    return { ...facts, signature: sign(segmentText({ ...facts, signature: '' })) }
  }

  return {
    list: (ctx, chainId) => repo.list(ctx, chainId),

    async sealBefore(ctx, before) {
      let sealed = 0
      for (const chainId of await entries.chains()) {
        for (;;) {
          const last = (await repo.list(ctx, chainId)).at(-1)
          const start =
            last === undefined
              ? chainStart
              : { sequence: last.toSequence, hash: Buffer.from(last.lastHash, 'hex') }
          const toSequence = await repo.lastBefore(ctx, chainId, before, segmentEntriesMax)
          if (toSequence === null) break
          const segment = await prepare(chainId, start, toSequence)
          await database.transaction(ctx, async (tx) => {
            await keys.publish(tx)
            await repo.seal(tx, segment)
            const { fromSequence, fileName, fileHash, organizationId } = segment
            await audit.append(tx, {
              action: 'audit.sealed',
              target: { type: 'audit_segment', id: fileName },
              details: { organizationId, fromSequence, toSequence, fileHash },
            })
          })
          sealed += toSequence - start.sequence
        }
      }
      return sealed
    },
  }
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
