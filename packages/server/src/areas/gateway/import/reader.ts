import { Worker } from 'node:worker_threads'
import { problem } from '@holdfast/contracts/problems'
import type { ReadOpenApi } from './openapi.ts'

const readTimeoutMs = 15_000
const memoryMegabytesMax = 512
/** More than so many at once wait: each may take a core and its memory. */
const readersMax = 2

type Answer = { read: ReadOpenApi } | { mistake: string }

/** Reads OpenAPI documents in a thread of its own, bounded in time, memory and number. */
export function createOpenApiReader() {
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    // Whoever ends hands its place to the one that has waited longest.
    if (running >= readersMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }

  /** Throws gateway.document_invalid. */
  return async function readDocument(text: string): Promise<ReadOpenApi> {
    const answer = await inTurn(() => readInThread(text))
    if ('read' in answer) return answer.read
    throw problem('gateway.document_invalid', {
      sentence: answer.mistake,
      details: [{ path: 'body.document', message: answer.mistake }],
    })
  }
}

function readInThread(text: string): Promise<Answer> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
      workerData: text,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytesMax },
    })
    const timer = setTimeout(() => finish({ mistake: 'The document takes too long to read.' }), readTimeoutMs)
    const finish = (answer: Answer) => {
      clearTimeout(timer)
      void worker.terminate()
      resolve(answer)
    }
    worker.once('message', finish)
    // Out of memory: a small document can describe an enormous one.
    worker.once('error', () => finish({ mistake: 'The document is too large to read when it is unfolded.' }))
  })
}
