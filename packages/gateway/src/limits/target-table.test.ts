import { describe, expect, it } from 'vitest'
import { allocateTargetTable, openTargetTable } from './target-table.ts'

const originMs = 1_000_000
const rule = { failuresMax: 2, openMs: 1_000 }

/** Two threads that look at one memory. */
function openTwice() {
  const memory = allocateTargetTable()
  return [openTargetTable(memory, originMs), openTargetTable(memory, originMs)] as const
}

describe('what threads know of a target', () => {
  it('failures in both open the circuit for both, and one of them alone tries again', () => {
    const [one, two] = openTwice()
    one.failed(3, rule, originMs)
    expect(two.admit(3, originMs)).toBe('closed')
    two.failed(3, rule, originMs)
    expect([one.admit(3, originMs + 999), two.admit(3, originMs + 999)]).toEqual(['open', 'open'])
    expect([one.admit(3, originMs + 1_000), two.admit(3, originMs + 1_000)]).toEqual(['probe', 'open'])
    expect(one.admit(4, originMs)).toBe('closed')
    one.succeeded(3)
    expect(two.admit(3, originMs + 1_000)).toBe('closed')
  })

  it('a trial without a verdict lets another one try', () => {
    const [one, two] = openTwice()
    for (const table of [one, two]) table.failed(0, rule, originMs)
    expect(one.admit(0, originMs + 1_000)).toBe('probe')
    one.abandoned(0)
    expect(two.admit(0, originMs + 1_000)).toBe('probe')
  })

  it('a check in one is known in the other, until the place is given to another target', () => {
    const [one, two] = openTwice()
    one.setHealth(7, 'unhealthy')
    expect(two.isUnhealthy(7)).toBe(true)
    two.reset(7)
    expect(one.isUnhealthy(7)).toBe(false)
  })
})
