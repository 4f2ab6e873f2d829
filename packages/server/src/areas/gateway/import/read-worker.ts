import { parentPort, workerData } from 'node:worker_threads'
import { load } from 'js-yaml'
import { OpenApiMistake, readOpenApi } from './openapi.ts'

/** Reads one document beside the event loop: five megabytes of YAML take the better part of a second. */
function read(text: string) {
  try {
    return { read: readOpenApi(parse(text)) }
  } catch (error) {
    if (error instanceof OpenApiMistake) return { mistake: error.message }
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : ''
    return { mistake: `The document is neither JSON nor YAML: ${reason.slice(0, 300)}` }
  }
}

/** YAML takes in JSON, but JSON is far faster to read. */
function parse(text: string): unknown {
  return /^\s*\{/.test(text) ? (JSON.parse(text) as unknown) : load(text)
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of worker_threads has no origin
parentPort?.postMessage(read(workerData as string))
