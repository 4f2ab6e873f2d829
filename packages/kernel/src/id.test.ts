import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestClock } from './clock.ts'
import { createIds } from './id.ts'

/** Steps of a wall clock, forward and backward, as an administrator or NTP may set it. */
const clockSteps = fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 1, maxLength: 200 })

const isSortedAndUnique = (ids: string[]) =>
  ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id)

describe('uuid', () => {
  it('is a UUID of version 7 and variant 10 that carries the time', () => {
    const clock = createTestClock('2026-05-05T05:05:05.555Z')
    const id = createIds(clock).uuid()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(clock.nowMs())
  })

  it('sorts by creation whatever the wall clock does', () => {
    fc.assert(
      fc.property(clockSteps, (steps) => {
        const clock = createTestClock()
        const ids = createIds(clock)
        const made = steps.map((step) => {
          clock.advance(step)
          return ids.uuid()
        })
        expect(isSortedAndUnique(made)).toBe(true)
      }),
    )
  })

  it('sorts by creation within one millisecond, past the end of its sequence', () => {
    const ids = createIds(createTestClock())
    const made = Array.from({ length: 10_000 }, () => ids.uuid())
    expect(isSortedAndUnique(made)).toBe(true)
  })
})

describe('objectId', () => {
  it('is 24 hexadecimal characters that begin with the time in seconds', () => {
    const clock = createTestClock('2026-05-05T05:05:05.000Z')
    const id = createIds(clock).objectId()
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect(Number.parseInt(id.slice(0, 8), 16)).toBe(clock.nowMs() / 1000)
  })

  it('sorts by creation whatever the wall clock does', () => {
    fc.assert(
      fc.property(clockSteps, (steps) => {
        const clock = createTestClock()
        const ids = createIds(clock)
        const made = steps.map((step) => {
          clock.advance(step)
          return ids.objectId()
        })
        expect(isSortedAndUnique(made)).toBe(true)
      }),
    )
  })

  it('two processes do not make the same ids', () => {
    const clock = createTestClock()
    expect(createIds(clock).objectId().slice(8, 18)).not.toBe(createIds(clock).objectId().slice(8, 18))
  })
})
