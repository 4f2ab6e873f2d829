import { Worker } from 'node:worker_threads'
import { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { CodeError, FromWorker, SandboxOutcome, SandboxRun, ToWorker } from './protocol.ts'

/** Answers one call that user code makes; `signal` aborts when its run is over. A Problem is told to the code as it is. */
export type HostCalls = (name: string, values: readonly unknown[], signal: AbortSignal) => Promise<unknown>

export interface PoolRun extends SandboxRun {
  /** Runs of one key never take all workers, however slow they are. */
  key: string
  /** From the start to the end of the run, with everything that is awaited. */
  wallMs: number
  calls: HostCalls
  /** Ends the run when nobody waits for it. */
  signal?: AbortSignal | undefined
}

export interface PoolOutcome extends Omit<SandboxOutcome, 'spent'> {
  durationMs: number
}

/**
 * Runs user code in worker threads. What one run may cost: a worker until its deadline. The interrupt handler inside the
 * sandbox ends what computes; the deadline here ends everything else, by ending the thread.
 */
export interface CodePool {
  /** Throws code.busy when too many runs wait, or one waited too long. Failures of the code are outcomes. */
  run(run: PoolRun): Promise<PoolOutcome>
  part: Part
}

interface Options {
  logger: Logger
  workersMax?: number
  /** How long a run waits for a worker. */
  waitMsMax?: number
}

interface Waiting {
  run: PoolRun
  take(member: Member): void
}

interface Member {
  worker: Worker
  isReady: boolean
  current: Running | null
}

interface Running {
  key: string
  heard(message: FromWorker): void
  lost(): void
}

const cancelled = ['cancelled', 'Nobody waited for the result any more.'] as const
const waitingMax = 1_000
/** Of one key, so that however many call one slow handler, there is room for all others. */
const waitingPerKeyMax = 200
const workerMemoryMb = 64

export function createCodePool({ logger, workersMax = 6, waitMsMax = 5_000 }: Options): CodePool {
  const members = new Set<Member>()
  const waiting = new Set<Waiting>()
  const runningOf = new Map<string, number>()
  const waitingOf = new Map<string, number>()
  const perKeyMax = Math.max(1, workersMax - 2)
  let stopped = false

  /** No environment, no arguments, bounded memory: a thread that holds nothing worth taking. */
  function spawn(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      env: {},
      argv: [],
      execArgv: [],
      name: 'user-code',
      resourceLimits: { maxOldGenerationSizeMb: workerMemoryMb, maxYoungGenerationSizeMb: 16 },
    })
    const member: Member = { worker, isReady: false, current: null }
    members.add(member)
    worker.unref()
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        member.isReady = true
        pump()
      } else member.current?.heard(message)
    })
    worker.on('error', (error) =>
      logger.warn({ err: error }, 'A worker for user code failed; a new one follows'),
    )
    worker.once('exit', () => {
      members.delete(member)
      member.current?.lost()
      pump()
    })
  }

  function pump(): void {
    if (stopped) return
    for (const entry of waiting) {
      if ((runningOf.get(entry.run.key) ?? 0) >= perKeyMax) continue
      const member = [...members].find((one) => one.isReady && one.current === null)
      if (member === undefined) {
        const starting = [...members].filter((one) => !one.isReady && one.current === null).length
        if (members.size < workersMax && starting < waiting.size) spawn()
        return
      }
      entry.take(member)
    }
  }

  function leave(entry: Waiting): void {
    waiting.delete(entry)
    less(waitingOf, entry.run.key)
  }

  function retire(member: Member): void {
    members.delete(member)
    void member.worker.terminate()
  }

  /** A worker of its own from now on, until the outcome. */
  function start(member: Member, run: PoolRun): Promise<PoolOutcome> {
    const startedMs = performance.now()
    const over = new AbortController()
    const passed = { lengthLeft: run.limits.passedLengthMax }
    runningOf.set(run.key, (runningOf.get(run.key) ?? 0) + 1)
    return new Promise((resolve) => {
      function finish(outcome: Omit<SandboxOutcome, 'spent'>, isSpent: boolean): void {
        clearTimeout(timer)
        run.signal?.removeEventListener('abort', gone)
        over.abort()
        member.current = null
        // It says so itself when its next sandbox is made.
        member.isReady = false
        less(runningOf, run.key)
        if (isSpent) retire(member)
        resolve({ ...outcome, durationMs: performance.now() - startedMs })
        pump()
      }
      const end = (failure: CodeError['failure'], message: string) => finish(cutShort(failure, message), true)
      const gone = () => end(...cancelled)
      const timer = setTimeout(
        () => end('timeout', `The code was not done within ${run.wallMs / 1_000} seconds and was stopped.`),
        run.wallMs,
      )
      run.signal?.addEventListener('abort', gone, { once: true })
      member.current = {
        key: run.key,
        heard(message) {
          if (message.kind === 'done') {
            const { spent, ...outcome } = message.outcome
            finish(outcome, spent)
          } else if (message.kind === 'call') {
            void answer(run, message, passed, over.signal).then((reply) => {
              if (!over.signal.aborted) tell(member, reply)
            })
          }
        },
        lost: () => end('crashed', 'The code brought its sandbox down, most likely with its memory.'),
      }
      const { entry, code, argument, limits } = run
      tell(member, { kind: 'run', run: { entry, code, argument, limits } })
    })
  }

  return {
    run(run) {
      if (stopped) return Promise.reject(problem('server.stopping', { retryAfterSeconds: 2 }))
      if (waiting.size >= waitingMax || (waitingOf.get(run.key) ?? 0) >= waitingPerKeyMax)
        return Promise.reject(problem('code.busy', { retryAfterSeconds: 2 }))
      const { signal } = run
      if (signal?.aborted === true) return Promise.resolve({ ...cutShort(...cancelled), durationMs: 0 })
      return new Promise((resolve, reject) => {
        const startedMs = performance.now()
        const entry: Waiting = {
          run,
          take(member) {
            stopWaiting()
            void start(member, run).then(resolve)
          },
        }
        function stopWaiting(): void {
          clearTimeout(timer)
          signal?.removeEventListener('abort', gone)
          leave(entry)
        }
        // Nobody waits for it any more: it need not take a worker to end.
        function gone(): void {
          stopWaiting()
          resolve({ ...cutShort(...cancelled), durationMs: performance.now() - startedMs })
        }
        const timer = setTimeout(() => {
          stopWaiting()
          reject(problem('code.busy', { retryAfterSeconds: 2 }))
        }, waitMsMax)
        signal?.addEventListener('abort', gone, { once: true })
        waiting.add(entry)
        waitingOf.set(run.key, (waitingOf.get(run.key) ?? 0) + 1)
        pump()
      })
    },
    part: {
      name: 'user code',
      async stop() {
        stopped = true
        await Promise.all([...members].map(({ worker }) => worker.terminate()))
      },
    },
  }
}

/** The outcome of a run that was ended from outside. */
function cutShort(failure: CodeError['failure'], message: string): Omit<SandboxOutcome, 'spent'> {
  const error = { failure, message, stack: '', status: null, code: null }
  return { result: null, error, console: [], consoleDropped: 0 }
}

// oxlint-disable-next-line require-post-message-target-origin -- a worker thread has no origin
const tell = (member: Member, message: ToWorker) => member.worker.postMessage(message)

async function answer(
  run: PoolRun,
  { call, name, text }: Extract<FromWorker, { kind: 'call' }>,
  passed: { lengthLeft: number },
  signal: AbortSignal,
): Promise<ToWorker> {
  // All other requests wait while a text is read or written here, so that a run has only so much of it.
  const pass = (length: number) => {
    passed.lengthLeft -= length
    if (passed.lengthLeft < 0) throw new Error('The calls of this run pass more data than one run may.')
  }
  try {
    pass(text.length)
    const value = await run.calls(name, JSON.parse(text) as unknown[], signal)
    const answered = value === undefined ? '' : JSON.stringify(value)
    pass(answered.length)
    return { kind: 'answer', call, ok: true, text: answered }
  } catch (error) {
    return { kind: 'answer', call, ok: false, text: JSON.stringify(refusalOf(error)) }
  }
}

function less(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1
  if (left === 0) counts.delete(key)
  else counts.set(key, left)
}

/** What user code learns of an error: all of a problem, and the sentence of anything else. */
function refusalOf(error: unknown): Record<string, unknown> {
  if (error instanceof Problem) {
    const { message, status, code, details } = error
    return { message, status, code, ...(details.length > 0 && { details }) }
  }
  return { message: error instanceof Error ? error.message : 'The call failed.' }
}
