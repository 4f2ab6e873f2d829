/**
 * Sliding-window counters in memory that all threads share. In any 60 seconds, on all threads together, a key passes at
 * most its limit: time is cut into steps of 5 seconds, and a request counts until its whole step is 60 seconds old. What was
 * taken is therefore given back between 60 and 65 seconds later, never sooner.
 *
 * Keys (96 bits) live in groups of 16 places; a group has one lock, held for some hundred nanoseconds. When a group is full
 * the key that was idle for longest gives way, and only when all 16 are in use does one lose its count, which is counted.
 */
export interface WindowTable {
  /** Counts one request if `limit` allows it. Writes to `result`, so that a request allocates nothing. */
  take(key: LimitKey, limit: number, nowMs: number, result: TakeResult): void
  /** How many counts that still held have been given up for others, since the memory was allocated. */
  forgotten(): number
}

/** 96 bits that stand for whom and what is counted. */
export interface LimitKey {
  readonly a: number
  readonly b: number
  readonly c: number
}

export interface TakeResult {
  isAllowed: boolean
  remaining: number
  /** Until the oldest counted request is given back. */
  resetMs: number
}

const stepMs = 5_000
const windowSteps = 12
/** The window and the step that is going on. */
const steps = windowSteps + 1
const placesPerGroup = 16
const placeWords = 5 + steps
const groupWords = 1 + placesPerGroup * placeWords
const spins = 200
/** A thread that was ended while it held the lock must not stop the others for ever. */
const waitsMax = 100

/** Memory for `places` keys, about 72 bytes each, rounded up to a power of two; one word more counts what was forgotten. */
export function allocateWindowTable(places: number): SharedArrayBuffer {
  const groups = 2 ** Math.ceil(Math.log2(Math.max(1, places / placesPerGroup)))
  return new SharedArrayBuffer((groups * groupWords + 1) * 4)
}

export function openWindowTable(memory: SharedArrayBuffer): WindowTable {
  const words = new Int32Array(memory)
  const forgottenWord = words.length - 1
  const groupMask = forgottenWord / groupWords - 1
  return {
    take(key, limit, nowMs, result) {
      const lock = ((key.a ^ (key.a >>> 16)) & groupMask) * groupWords
      const step = Math.floor(nowMs / stepMs)
      acquire(words, lock)
      try {
        const place = findPlace(words, lock + 1, key, step)
        advance(words, place, step)
        count(words, place, limit, nowMs, result)
      } finally {
        Atomics.store(words, lock, 0)
      }
    },
    forgotten: () => Atomics.load(words, forgottenWord),
  }
}

function acquire(words: Int32Array, lock: number): void {
  for (let turn = 0; turn < spins; turn += 1) {
    if (Atomics.compareExchange(words, lock, 0, 1) === 0) return
  }
  for (let turn = 0; turn < waitsMax; turn += 1) {
    // The holder was put to sleep by the system: let it run. Nobody notifies; the wait is the time given.
    Atomics.wait(words, lock, 1, 1)
    if (Atomics.compareExchange(words, lock, 0, 1) === 0) return
  }
}

/** The key's place; else the one that was used longest ago, taken over. */
function findPlace(words: Int32Array, first: number, { a, b, c }: LimitKey, step: number): number {
  let oldest = first
  for (let index = 0; index < placesPerGroup; index += 1) {
    const place = first + index * placeWords
    if (words[place] === a && words[place + 1] === b && words[place + 2] === c) return place
    if ((words[place + 3] ?? 0) < (words[oldest + 3] ?? 0)) oldest = place
  }
  const isHeld = (words[oldest + 3] ?? 0) > step - steps && (words[oldest + 4] ?? 0) > 0
  if (isHeld) Atomics.add(words, words.length - 1, 1)
  words.fill(0, oldest, oldest + placeWords)
  words[oldest] = a
  words[oldest + 1] = b
  words[oldest + 2] = c
  return oldest
}

/** Empties the steps that have left the window since this place was last used. A clock set back empties nothing. */
function advance(words: Int32Array, place: number, step: number): void {
  const last = words[place + 3] ?? 0
  if (step <= last) return
  for (let passed = Math.max(last + 1, step - steps + 1); passed <= step; passed += 1) {
    const slot = place + 5 + (passed % steps)
    words[place + 4] = (words[place + 4] ?? 0) - (words[slot] ?? 0)
    words[slot] = 0
  }
  words[place + 3] = step
}

function count(words: Int32Array, place: number, limit: number, nowMs: number, result: TakeResult): void {
  const step = words[place + 3] ?? 0
  const total = words[place + 4] ?? 0
  result.isAllowed = total < limit
  if (result.isAllowed) {
    const slot = place + 5 + (step % steps)
    words[slot] = (words[slot] ?? 0) + 1
    words[place + 4] = total + 1
  }
  result.remaining = Math.max(0, limit - total - (result.isAllowed ? 1 : 0))
  let oldest = step - steps + 1
  while (oldest < step && words[place + 5 + (oldest % steps)] === 0) oldest += 1
  result.resetMs = (oldest + steps) * stepMs - nowMs
}
