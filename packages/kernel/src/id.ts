import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

export interface Ids {
  /** UUIDv7 (RFC 9562 §5.7): sorts by creation time, also within one millisecond of one process. */
  uuid(): string
  /** 24 hexadecimal characters: 4 bytes of seconds, 5 of process, 3 of counter. Sorts by creation within a process. */
  objectId(): string
}

/** Makes ids from the injected clock. One per process. */
export function createIds(clock: Clock): Ids {
  const processPart = randomBytes(5).toString('hex')
  // Starts low so that the counter does not wrap within the first seconds, where order matters most.
  let objectCounter = randomBytes(2).readUInt16BE()
  let objectSeconds = 0
  let uuidMs = 0
  let uuidSequence = 0

  return {
    uuid() {
      const nowMs = clock.nowMs()
      if (nowMs > uuidMs) {
        uuidMs = nowMs
        uuidSequence = randomBytes(2).readUInt16BE() & 0x7ff
      } else if (++uuidSequence > 0xfff) {
        uuidMs += 1
        uuidSequence = 0
      }
      const time = uuidMs.toString(16).padStart(12, '0')
      const sequence = (0x7000 | uuidSequence).toString(16)
      const tail = randomBytes(8)
      tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80
      const random = tail.toString('hex')
      return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${random.slice(0, 4)}-${random.slice(4)}`
    },
    objectId() {
      // Never goes back in time, so that order by id stays order of creation when the wall clock is set back.
      const seconds = Math.max(objectSeconds, Math.floor(clock.nowMs() / 1000))
      objectSeconds = seconds
      objectCounter = (objectCounter + 1) & 0xffffff
      if (objectCounter === 0) objectSeconds += 1
      return (
        objectSeconds.toString(16).padStart(8, '0') +
        processPart +
        objectCounter.toString(16).padStart(6, '0')
      )
    },
  }
}
