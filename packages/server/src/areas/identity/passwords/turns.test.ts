import { expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'

/** Hashing that ends when it is told to, and counts. */
function createSlowHashing() {
  const ends: (() => void)[] = []
  let begun = 0
  const passwords = createPasswords(
    { memoryCost: 8, timeCost: 1, parallelism: 1 },
    {
      hash: () => Promise.reject(new Error('Nothing is hashed here.')),
      async verify() {
        begun += 1
        await new Promise<void>((resolve) => ends.push(resolve))
        return true
      },
    },
  )
  return { passwords, ends, begun: () => begun }
}

it('a flood of sign-ins is refused with Retry-After beyond a bounded queue, and the others are served in turn', async () => {
  const { passwords, ends, begun } = createSlowHashing()
  const attempts = Array.from({ length: 1_000 }, () =>
    passwords.matches('x', 'hash').then(
      () => 'served' as const,
      (error: unknown) => error,
    ),
  )
  const results: unknown[] = []
  for (const attempt of attempts) void attempt.then((result) => results.push(result))
  await expect.poll(() => results.length).toBe(1_000 - 68)
  expect(begun()).toBe(4)
  expect(results[0]).toMatchObject({ code: 'server.unavailable', status: 503, retryAfterSeconds: 2 })
  for (let served = 1; served <= 68; served += 1) {
    await expect.poll(() => ends.length, { interval: 1 }).toBeGreaterThan(0)
    ends.shift()?.()
  }
  const outcomes = await Promise.all(attempts)
  expect(outcomes.filter((outcome) => outcome === 'served')).toHaveLength(68)
})
