import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createGather } from './gather.ts'
import type { Lane, Lanes } from './repo/lanes.ts'

const lane: Lane = { shard: 0, run: async () => ({ rows: [], count: 0 }) }

/** One connection, free at the end of the turn. */
const lanes: Lanes = {
  async use(work) {
    await nextTurn()
    return work(lane)
  },
  close: async () => undefined,
}

function gatherTexts(options: { itemsMax: number; weightMax: number }) {
  const statements: string[][] = []
  const key = {}
  const gather = createGather(
    lanes,
    { ...options, weigh: (text: string) => text.length },
    async (_lane, _key: object, items) => {
      statements.push(items)
      return items.map((text) => text.toUpperCase())
    },
  )
  return { statements, add: (text: string) => gather.add(key, text) }
}

it('what arrives in one turn shares a statement', async () => {
  const { statements, add } = gatherTexts({ itemsMax: 3, weightMax: 100 })
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(add))).toEqual(['A', 'B', 'C', 'D'])
  expect(statements).toEqual([['a', 'b', 'c'], ['d']])
})

it('a statement carries no more than its weight, and what is heavier than that goes alone', async () => {
  const { statements, add } = gatherTexts({ itemsMax: 256, weightMax: 5 })
  const heavy = 'x'.repeat(9)
  expect(await Promise.all(['aa', 'bbb', 'c', heavy, 'd'].map(add))).toEqual([
    'AA',
    'BBB',
    'C',
    heavy.toUpperCase(),
    'D',
  ])
  expect(statements).toEqual([['aa', 'bbb'], ['c'], [heavy], ['d']])
})
