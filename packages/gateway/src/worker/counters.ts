import { bucketMax, bucketOf } from '@holdfast/contracts/gateway/histogram'

/** Numbers of one thread in shared memory: it adds, the main thread takes. */
export interface Counters {
  /** One answer. `isOwn`: the gateway gave it itself. */
  count(statusCode: number, isOwn: boolean, durationMs: number): void
  connections(change: 1 | -1): void
  inFlight(change: 1 | -1): void
}

export interface CounterReading {
  requests: number
  errors: number
  refused: number
  latency: Map<number, number>
}

const requestsWord = 0
const errorsWord = 1
const refusedWord = 2
const connectionsWord = 3
const inFlightWord = 4
const firstBucketWord = 8
const refusedStatuses = new Set([401, 403, 429])

export function allocateCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer((firstBucketWord + bucketMax + 1) * 4)
}

export function openCounters(memory: SharedArrayBuffer): Counters {
  const words = new Int32Array(memory)
  return {
    count(statusCode, isOwn, durationMs) {
      Atomics.add(words, requestsWord, 1)
      if (statusCode >= 500) Atomics.add(words, errorsWord, 1)
      else if (isOwn && refusedStatuses.has(statusCode)) Atomics.add(words, refusedWord, 1)
      Atomics.add(words, firstBucketWord + bucketOf(durationMs), 1)
    },
    connections: (change) => void Atomics.add(words, connectionsWord, change),
    inFlight: (change) => void Atomics.add(words, inFlightWord, change),
  }
}

/** What was counted since the last taking. */
export function takeCounters(memory: SharedArrayBuffer): CounterReading {
  const words = new Int32Array(memory)
  const latency = new Map<number, number>()
  for (let bucket = 0; bucket <= bucketMax; bucket += 1) {
    const count = Atomics.exchange(words, firstBucketWord + bucket, 0)
    if (count > 0) latency.set(bucket, count)
  }
  return {
    requests: Atomics.exchange(words, requestsWord, 0),
    errors: Atomics.exchange(words, errorsWord, 0),
    refused: Atomics.exchange(words, refusedWord, 0),
    latency,
  }
}

export function readGauges(memory: SharedArrayBuffer): { connections: number; requestsInFlight: number } {
  const words = new Int32Array(memory)
  return {
    connections: Atomics.load(words, connectionsWord),
    requestsInFlight: Atomics.load(words, inFlightWord),
  }
}
