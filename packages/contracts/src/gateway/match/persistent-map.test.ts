import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyMap, type PersistentMap } from './persistent-map.ts'

describe('a persistent map', () => {
  it('holds what a map would hold, and every older one stays as it was', () => {
    const command = fc.record({ key: fc.nat(200).map(String), value: fc.option(fc.nat()) })
    fc.assert(
      fc.property(fc.array(fc.array(command, { maxLength: 60 }), { maxLength: 12 }), (edits) => {
        const model = new Map<string, number>()
        let map = emptyMap<number>()
        const history: [PersistentMap<number>, Map<string, number>][] = []
        for (const commands of edits) {
          history.push([map, new Map(model)])
          const edit = map.edit()
          for (const { key, value } of commands) {
            if (value === null) {
              edit.delete(key)
              model.delete(key)
            } else {
              edit.set(key, value)
              model.set(key, value)
            }
            expect(edit.get(key)).toBe(model.get(key))
          }
          map = edit.done()
        }
        history.push([map, model])
        for (const [old, expected] of history) {
          expect(old.size).toBe(expected.size)
          for (let key = 0; key <= 200; key += 1) expect(old.get(String(key))).toBe(expected.get(String(key)))
          const ascending = (left: number, right: number) => left - right
          expect([...old.values()].sort(ascending)).toEqual([...expected.values()].sort(ascending))
        }
      }),
      { numRuns: 100 },
    )
  })
})
