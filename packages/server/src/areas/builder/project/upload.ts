import { bundleLimits, ProjectBundle } from '@holdfast/contracts/builder/project-bundle'
import type { UploadedBody } from '@holdfast/contracts/kit/media'
import { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { fieldMessage } from '../../../http/field-messages.ts'
import { parseBody } from '../records/body.ts'
import { readLines, type TextRow, UploadUnreadable } from '../records/transfer/text-rows.ts'
import type { BundleLine, Mistake } from './model.ts'

/** A bundle as it was sent: the definitions in memory, the records one by one, as often as they are asked for. */
export interface ReceivedBundle {
  bundle: ProjectBundle
  lines(): AsyncIterable<BundleLine>
  /** Gives back the room on disk. */
  release(): Promise<void>
}

/**
 * Receives all of an upload before anything is done with it, so that nothing waits inside a transaction for a slow line.
 * NDJSON is kept in a file meanwhile. Throws project.bundle_invalid, request.too_large.
 */
export async function receiveBundle({ contentType, body }: UploadedBody): Promise<ReceivedBundle> {
  return contentType === 'application/x-ndjson' ? receiveLines(body) : receiveDocument(body)
}

export function invalidBundle(details: readonly Mistake[], cause?: unknown): Problem {
  const [first] = details
  const sentence =
    details.length === 1 && first !== undefined
      ? `The bundle cannot be imported. ${first.path}: ${first.message.replace(/\.$/, '')}.`
      : `The bundle cannot be imported: it has ${details.length} mistakes. See details for each.`
  return problem('project.bundle_invalid', { sentence, details: details.slice(0, mistakesMax), cause })
}
const mistakesMax = 200

async function receiveDocument(body: AsyncIterable<Uint8Array>): Promise<ReceivedBundle> {
  const chunks: Uint8Array[] = []
  for await (const chunk of atMost(body, bundleLimits.jsonSizeBytesMax)) chunks.push(chunk)
  const bundle = parseBundle(Buffer.concat(chunks).toString('utf8'))
  return {
    bundle,
    async *lines() {
      yield* linesWithin(bundle)
    },
    release: () => Promise.resolve(),
  }
}

function* linesWithin({ records, completeRecords }: ProjectBundle): Generator<BundleLine> {
  for (const [path, list] of Object.entries(records ?? {}))
    for (const [index, value] of list.entries())
      yield { path, value, place: `records.${path}.${index}`, length: 0 }
  if (completeRecords !== undefined) yield { complete: completeRecords, place: 'completeRecords' }
}

async function* atMost(body: AsyncIterable<Uint8Array>, sizeBytesMax: number): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.length
    if (sizeBytes > sizeBytesMax)
      throw problem('request.too_large', {
        sentence: `A bundle has at most ${bundleLimits.jsonSizeBytesMax / 1024 / 1024} MiB in one piece, and ${bundleLimits.ndjsonSizeBytesMax / 1024 / 1024} MiB as NDJSON (export it with format=ndjson).`,
      })
    yield chunk
  }
}

async function receiveLines(body: AsyncIterable<Uint8Array>): Promise<ReceivedBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-import-'))
  const release = () => rm(folder, { recursive: true, force: true })
  const file = join(folder, 'bundle.ndjson')
  const lines = () => readLines(createReadStream(file))
  try {
    await pipeline(
      Readable.from(atMost(body, bundleLimits.ndjsonSizeBytesMax)),
      createWriteStream(file, { mode: 0o600 }),
    )
    const bundle = await firstLine(lines())
    return {
      bundle,
      async *lines() {
        yield* linesWithin(bundle)
        let isFirst = true
        for await (const row of readable(lines())) {
          if (!isFirst) yield lineIn(row)
          isFirst = false
        }
      },
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function firstLine(rows: AsyncIterable<TextRow>): Promise<ProjectBundle> {
  for await (const { text } of readable(rows)) return parseBundle(text)
  throw invalidBundle([{ path: 'body', message: 'is empty' }])
}

async function* readable(rows: AsyncIterable<TextRow>): AsyncGenerator<TextRow> {
  try {
    yield* rows
  } catch (error) {
    if (!(error instanceof UploadUnreadable)) throw error
    throw invalidBundle([{ path: 'body', message: error.message }], error)
  }
}

const RecordLine = z.strictObject({
  collection: z.string().max(500),
  record: z.record(z.string(), z.unknown()),
})
const CompleteLine = ProjectBundle.pick({ completeRecords: true }).required()

function lineIn({ line, text }: TextRow): BundleLine {
  const place = `line ${line}`
  const value = parseJson(text, place)
  if (typeof value === 'object' && value !== null && 'completeRecords' in value)
    return { complete: checked(CompleteLine, value, place).completeRecords, place }
  const { collection, record } = checked(RecordLine, value, place)
  return { path: collection, value: record, place, length: text.length }
}

function parseBundle(text: string): ProjectBundle {
  return checked(ProjectBundle, parseJson(text, 'body'), 'body')
}

function parseJson(text: string, place: string): unknown {
  try {
    return parseBody(text)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw invalidBundle([{ path: place, message: error.message }], error)
  }
}

function checked<S extends z.ZodType>(schema: S, value: unknown, place: string): z.output<S> {
  const parsed = schema.safeParse(value, { error: fieldMessage })
  if (parsed.success) return parsed.data
  throw invalidBundle(
    parsed.error.issues.map(({ path, message }) => ({ path: path.join('.') || place, message })),
  )
}
