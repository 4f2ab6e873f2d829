import { Worker } from 'node:worker_threads'
import type { DataPlaneChange } from '../data-plane.ts'
import type { OwnPage } from '../proxy/own-pages.ts'
import type { FromThread, ThreadOrder, ToThread } from './messages.ts'
import type { ThreadEvents } from './recorder.ts'
import { createThread, type TargetSlots, type ThreadSettings } from './thread.ts'

/** A thread as the main one sees it: the same, whether it runs elsewhere or here. */
export interface ThreadHandle {
  listen(port: number, reusePort: boolean): Promise<number>
  prepare(change: DataPlaneChange, slots: TargetSlots): Promise<void>
  commit(): Promise<void>
  discard(): Promise<void>
  publish(path: string, page: OwnPage | null): Promise<void>
  suspend(isSuspended: boolean): Promise<void>
  drain(): Promise<void>
  stop(): Promise<void>
}

/** Serves in the calling thread, with its clock. */
export function createLocalThread(
  settings: ThreadSettings,
  nowMs: () => number,
  onEvents: (events: ThreadEvents) => void,
): ThreadHandle {
  const thread = createThread(settings, nowMs, onEvents)
  return {
    listen: (port, reusePort) => thread.listen(port, reusePort),
    prepare: async (change, slots) => thread.prepare(change, slots),
    commit: async () => thread.commit(),
    discard: async () => thread.discard(),
    publish: async (path, page) => thread.publish(path, page),
    suspend: async (isSuspended) => thread.suspend(isSuspended),
    drain: () => thread.drain(),
    stop: () => thread.stop(),
  }
}

/** `onCrash`: the thread ended by itself, and all its connections with it. */
export function startWorkerThread(
  settings: ThreadSettings,
  onEvents: (events: ThreadEvents) => void,
  onCrash: (error: Error) => void,
): ThreadHandle {
  const waiting = new Map<number, { resolve(value: number): void; reject(error: Error): void }>()
  const worker = new Worker(new URL('main.ts', import.meta.url), { workerData: settings })
  let lastId = 0
  let isStopping = false

  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    if (!isStopping) onCrash(error)
    isStopping = true
  }
  worker.on('message', (message: FromThread) => {
    if (message.type === 'events') {
      onEvents(message.events)
      return
    }
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.type === 'done') asked?.resolve(message.value ?? 0)
    else asked?.reject(Object.assign(new Error(message.reason), { code: message.code }))
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('A thread of the gateway has ended.')))

  const ask = (order: ThreadOrder) =>
    new Promise<number>((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      const message: ToThread = { id: lastId, order }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(message)
    })
  const tell = async (order: ThreadOrder) => {
    await ask(order)
  }
  return {
    listen: (port, reusePort) => ask({ type: 'listen', port, reusePort }),
    prepare: (change, slots) => tell({ type: 'prepare', change, slots }),
    commit: () => tell({ type: 'commit' }),
    discard: () => tell({ type: 'discard' }),
    publish: (path, page) => tell({ type: 'publish', path, page }),
    suspend: (isSuspended) => tell({ type: 'suspend', isSuspended }),
    drain: () => tell({ type: 'drain' }),
    async stop() {
      isStopping = true
      await tell({ type: 'stop' })
      await worker.terminate()
    },
  }
}
