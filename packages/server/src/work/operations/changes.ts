import type { Part } from '@holdfast/kernel/lifecycle'
import { EventEmitter, once } from 'node:events'
import type { OperationsRepo } from './repo.ts'

export interface OperationChanges {
  /** Resolves when the operation changes, when a change may have been missed, or when `signal` aborts. */
  next(id: string, signal: AbortSignal): Promise<void>
  /** Calls `changed` on every change; answers the function that ends it. */
  follow(id: string, changed: () => void): () => void
  part: Part
}

const anyOperation = 'any'

/** Wakes whoever waits for an operation on this replica, whichever replica runs it. */
export function createOperationChanges(repo: Pick<OperationsRepo, 'listen'>): OperationChanges {
  const emitter = new EventEmitter()
  // One listener per open stream; their number is bounded by connections, not by a default of ten.
  emitter.setMaxListeners(0)
  let stopListening: (() => Promise<void>) | undefined

  return {
    async next(id, signal) {
      if (signal.aborted) return
      const settled = new AbortController()
      const either = AbortSignal.any([signal, settled.signal])
      try {
        await Promise.race([
          once(emitter, id, { signal: either }),
          once(emitter, anyOperation, { signal: either }),
        ])
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        settled.abort()
      }
    },

    follow(id, changed) {
      emitter.on(id, changed)
      emitter.on(anyOperation, changed)
      return () => {
        emitter.off(id, changed)
        emitter.off(anyOperation, changed)
      }
    },

    part: {
      name: 'operation changes',
      async start() {
        stopListening = await repo.listen((id) => void emitter.emit(id ?? anyOperation))
      },
      async stop() {
        await stopListening?.()
      },
    },
  }
}
