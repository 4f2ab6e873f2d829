import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Worker } from 'node:worker_threads'
import { limitKey } from './limit-keys.ts'
import { allocateWindowTable, openWindowTable, type TakeResult } from './window-table.ts'

const startMs = 1_800_000_000_000
const key = limitKey('caller', 'one')
const newResult = (): TakeResult => ({ isAllowed: false, remaining: 0, resetMs: 0 })

describe('sliding windows', () => {
  it('pass the limit and nothing more, and say what remains', () => {
    const table = openWindowTable(allocateWindowTable(64))
    const result = newResult()
    const remaining = Array.from({ length: 4 }, () => {
      table.take(key, 3, startMs, result)
      return [result.isAllowed, result.remaining]
    })
    expect(remaining).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ])
  })

  it('never pass more than the limit in any 60 seconds, and give everything back within 65', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20_000), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 10 }),
        (gaps, limit) => {
          const table = openWindowTable(allocateWindowTable(16))
          const result = newResult()
          const passed: number[] = []
          let nowMs = startMs
          for (const gapMs of gaps) {
            nowMs += gapMs
            table.take(key, limit, nowMs, result)
            const within = (durationMs: number) => passed.filter((at) => at > nowMs - durationMs).length
            const isRight = result.isAllowed ? within(60_000) < limit : within(65_000) >= limit
            expect(isRight).toBe(true)
            if (result.isAllowed) passed.push(nowMs)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('let one more pass when the time they named is over', () => {
    const table = openWindowTable(allocateWindowTable(16))
    const result = newResult()
    for (let count = 0; count < 5; count += 1) table.take(key, 5, startMs + count * 7_000, result)
    table.take(key, 5, startMs + 40_000, result)
    expect(result.isAllowed).toBe(false)
    const { resetMs } = result
    table.take(key, 5, startMs + 40_000 + resetMs - 1, result)
    expect(result.isAllowed).toBe(false)
    table.take(key, 5, startMs + 40_000 + resetMs, result)
    expect(result.isAllowed).toBe(true)
  })

  it('count keys apart', () => {
    const table = openWindowTable(allocateWindowTable(16))
    const result = newResult()
    table.take(key, 1, startMs, result)
    table.take(limitKey('caller', 'two'), 1, startMs, result)
    expect(result.isAllowed).toBe(true)
  })

  it('keep the keys in use when more come than there is room for', () => {
    const table = openWindowTable(allocateWindowTable(16))
    const result = newResult()
    table.take(key, 1, startMs, result)
    for (let stranger = 0; stranger < 15; stranger += 1) {
      table.take(limitKey('caller', `before ${stranger}`), 1, startMs - 100_000, result)
    }
    for (let stranger = 0; stranger < 15; stranger += 1) {
      table.take(limitKey('caller', `after ${stranger}`), 1, startMs + 1_000, result)
    }
    table.take(key, 1, startMs + 2_000, result)
    expect(result.isAllowed).toBe(false)
  })

  it('tell when a count that still held was given up, and not when an old one was', () => {
    const table = openWindowTable(allocateWindowTable(16))
    const result = newResult()
    for (let number = 0; number < 16; number += 1)
      table.take(limitKey('caller', `${number}`), 1, startMs, result)
    expect(table.forgotten()).toBe(0)
    table.take(limitKey('caller', 'one more'), 1, startMs + 59_000, result)
    expect(table.forgotten()).toBe(1)
    for (let number = 0; number < 15; number += 1)
      table.take(limitKey('caller', `later ${number}`), 1, startMs + 65_000, result)
    expect(table.forgotten()).toBe(1)
  })

  it('are exact when threads take at the same time', async () => {
    const memory = allocateWindowTable(64)
    const limit = 20_000
    const threads = 3
    const source = `
      import { workerData, parentPort } from 'node:worker_threads'
      const { openWindowTable } = await import(workerData.module)
      const table = openWindowTable(workerData.memory)
      const result = { isAllowed: false, remaining: 0, resetMs: 0 }
      let passed = 0
      for (let turn = 0; turn < workerData.limit; turn += 1) {
        table.take(workerData.key, workerData.limit, workerData.nowMs, result)
        if (result.isAllowed) passed += 1
      }
      parentPort.postMessage(passed)`
    const module = new URL('window-table.ts', import.meta.url).href
    const counts = await Promise.all(
      Array.from({ length: threads }, () => {
        const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`)
        const worker = new Worker(url, { workerData: { memory, module, key, limit, nowMs: startMs } })
        return new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject))
      }),
    )
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(limit)
  })
})
