import { expect, it } from 'vitest'
import { windowsOf } from './windows.ts'

const days = (...rows: number[]) =>
  rows.map((count, index) => ({ day: `2026-01-${String(31 - index).padStart(2, '0')}`, rows: count }))
const at = (day: string) => `2026-${day}T00:00:00.000Z`

it('windows double, cover every day once, and meet each other', () => {
  expect(windowsOf(days(10, 10, 10, 10, 10, 10, 10, 10), 10)).toEqual([
    { from: at('01-31'), until: at('02-01') },
    { from: at('01-29'), until: at('01-31') },
    { from: at('01-25'), until: at('01-29') },
    { from: at('01-24'), until: at('01-25') },
  ])
})

it('a small log is one window, and a day that is larger than wanted is one', () => {
  expect(windowsOf(days(1, 2, 3), 100)).toEqual([{ from: at('01-29'), until: at('02-01') }])
  expect(windowsOf(days(500, 1, 1), 100)).toEqual([
    { from: at('01-31'), until: at('02-01') },
    { from: at('01-29'), until: at('01-31') },
  ])
  expect(windowsOf([], 100)).toEqual([])
})
