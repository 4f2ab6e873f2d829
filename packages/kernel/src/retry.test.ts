import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, retry } from './retry.ts'

const options = { attemptsMax: 3, delayMs: () => 0, retryable: () => true }

/** Fails the first `failures` times. */
function createFlaky(failures: number) {
  const attempts: number[] = []
  const work = async (attempt: number) => {
    attempts.push(attempt)
    if (attempts.length <= failures) throw new Error(`failure ${attempts.length}`)
    return 'done'
  }
  return { work, attempts }
}

describe('retry', () => {
  it('answers the first success', async () => {
    const { work, attempts } = createFlaky(2)
    expect(await retry(work, options)).toBe('done')
    expect(attempts).toEqual([1, 2, 3])
  })

  it('throws the last error when the attempts are used up', async () => {
    const { work, attempts } = createFlaky(9)
    await expect(retry(work, options)).rejects.toThrow('failure 3')
    expect(attempts).toHaveLength(3)
  })

  it('what is not retryable is tried once', async () => {
    const { work, attempts } = createFlaky(1)
    await expect(retry(work, { ...options, retryable: () => false })).rejects.toThrow('failure 1')
    expect(attempts).toHaveLength(1)
  })

  it('an aborted signal ends the waiting at once', async () => {
    const controller = new AbortController()
    const attempt = retry(
      async () => {
        controller.abort()
        throw new Error('failed')
      },
      { ...options, delayMs: () => 3_600_000, signal: controller.signal },
    )
    await expect(attempt).rejects.toThrow('failed')
  })

  it('aborting during the wait does not wait to the end', async () => {
    const controller = new AbortController()
    const { work } = createFlaky(1)
    const attempt = retry(work, {
      ...options,
      delayMs: () => {
        queueMicrotask(() => controller.abort())
        return 3_600_000
      },
      signal: controller.signal,
    })
    await expect(attempt).resolves.toBe('done')
  })
})

describe('backoff', () => {
  it('waits between nothing and the doubled base, and never longer than the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (attempt, random) => {
          const delayMs = backoff(100, 5_000, () => random)(attempt)
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(Math.min(5_000, 100 * 2 ** (attempt - 1)))
        },
      ),
    )
  })
})
