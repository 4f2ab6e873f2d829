/**
 * What all threads know of each target: failures in a row, until when it is left alone, what the last active check said.
 * The memory is shared, so that a circuit opens once for all threads and one request alone tries whether it may close.
 */
export interface TargetTable {
  /** May a request go there now? `probe`: this one is the trial after a pause; its end must be told. */
  admit(slot: number, nowMs: number): 'open' | 'closed' | 'probe'
  succeeded(slot: number): void
  /** Opens the circuit after `failuresMax` in a row, or at once when a trial failed. */
  failed(slot: number, rule: { failuresMax: number; openMs: number }, nowMs: number): void
  /** A trial ended without a verdict: the client went away. */
  abandoned(slot: number): void
  setHealth(slot: number, status: TargetHealth): void
  isUnhealthy(slot: number): boolean
  /** Forgets everything, for a target that takes the slot anew. */
  reset(slot: number): void
}

const healthCodes = { unknown: 0, healthy: 1, degraded: 2, unhealthy: 3 } as const
export type TargetHealth = keyof typeof healthCodes

const slotWords = 4
const failuresWord = 0
/** In units of 100 ms since the table was made, rounded up; 0: closed. */
const openUntilWord = 1
const probeWord = 2
const healthWord = 3
const unitMs = 100
export const targetSlotsMax = 16_384

export function allocateTargetTable(): SharedArrayBuffer {
  return new SharedArrayBuffer(targetSlotsMax * slotWords * 4)
}

/** `originMs`: when the memory was allocated; the same for all threads. */
export function openTargetTable(memory: SharedArrayBuffer, originMs: number): TargetTable {
  const words = new Int32Array(memory)
  const at = (slot: number, word: number) => slot * slotWords + word
  return {
    admit(slot, nowMs) {
      const openUntil = Atomics.load(words, at(slot, openUntilWord))
      if (openUntil === 0) return 'closed'
      if (nowMs - originMs < openUntil * unitMs) return 'open'
      return Atomics.compareExchange(words, at(slot, probeWord), 0, 1) === 0 ? 'probe' : 'open'
    },
    succeeded(slot) {
      // Reading is cheaper than writing what is there already, and this is the case of nearly every request.
      if (Atomics.load(words, at(slot, failuresWord)) === 0) return
      Atomics.store(words, at(slot, failuresWord), 0)
      Atomics.store(words, at(slot, openUntilWord), 0)
      Atomics.store(words, at(slot, probeWord), 0)
    },
    failed(slot, { failuresMax, openMs }, nowMs) {
      const failures = Atomics.add(words, at(slot, failuresWord), 1) + 1
      if (failures < failuresMax) return
      const openUntil = Math.max(1, Math.ceil((nowMs - originMs + openMs) / unitMs))
      Atomics.store(words, at(slot, openUntilWord), openUntil)
      Atomics.store(words, at(slot, probeWord), 0)
    },
    abandoned(slot) {
      Atomics.store(words, at(slot, probeWord), 0)
    },
    setHealth(slot, status) {
      Atomics.store(words, at(slot, healthWord), healthCodes[status])
    },
    isUnhealthy: (slot) => Atomics.load(words, at(slot, healthWord)) === healthCodes.unhealthy,
    reset(slot) {
      for (let word = 0; word < slotWords; word += 1) Atomics.store(words, at(slot, word), 0)
    },
  }
}
