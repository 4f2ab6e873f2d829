import { expect, it } from 'vitest'
import { createBodyBudget } from './body-budget.ts'

it('all bodies together stay below the bound, and what a request gives back can be taken again', () => {
  const budget = createBodyBudget(10)
  const [one, other] = [budget.open(), budget.open()]
  expect([one.take(4), other.take(6), other.take(1), one.take(1)]).toEqual([true, true, false, false])
  one.release()
  one.release()
  expect([other.take(4), other.take(1)]).toEqual([true, false])
})
