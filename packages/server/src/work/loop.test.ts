import { createTestClock } from '@holdfast/kernel/clock'
import { until } from '@holdfast/testkit/until'
import { expect, it } from 'vitest'
import { createLoop } from './loop.ts'

function createHarness(work: () => Promise<number>) {
  const clock = createTestClock()
  const errors: unknown[] = []
  const loop = createLoop({ clock, work, onError: (error) => errors.push(error), retryMs: 100 })
  return { clock, errors, loop }
}

it('wakes during a run lead to exactly one more run', async () => {
  let runs = 0
  const gate = Promise.withResolvers<void>()
  const { loop } = createHarness(async () => {
    runs += 1
    if (runs === 1) await gate.promise
    return 1_000
  })
  for (let wakes = 0; wakes < 5; wakes++) loop.wake()
  gate.resolve()
  await until(() => runs === 2)
  await loop.stop()
  expect(runs).toBe(2)
})

it('work runs again after as long as the last run asked for, and sooner after a failure', async () => {
  let runs = 0
  const { loop, clock, errors } = createHarness(async () => {
    runs += 1
    if (runs === 2) throw new Error('once')
    return 1_000
  })
  loop.wake()
  await until(() => runs === 1)
  await until(() => {
    clock.advance(1_000)
    return runs === 2
  })
  await until(() => {
    clock.advance(100)
    return runs === 3
  })
  expect(errors).toHaveLength(1)
  await loop.stop()
})

it('stopping waits for the run under way and nothing runs afterwards', async () => {
  let finished = 0
  const gate = Promise.withResolvers<void>()
  const { loop, clock } = createHarness(async () => {
    await gate.promise
    finished += 1
    return 1
  })
  loop.wake()
  const stopped = loop.stop()
  gate.resolve()
  await stopped
  loop.wake()
  clock.advance(10_000)
  expect(finished).toBe(1)
})

it('idle waits for what it was woken for, however often that was', async () => {
  let runs = 0
  const { loop } = createHarness(async () => {
    await new Promise(setImmediate)
    runs += 1
    return 1_000
  })
  await loop.idle()
  loop.wake()
  loop.wake()
  await loop.idle()
  expect(runs).toBe(2)
  await loop.stop()
})
