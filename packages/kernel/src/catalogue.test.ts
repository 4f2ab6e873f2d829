import { describe, expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'

describe('catalogue', () => {
  it('finds what any of its lists declares', () => {
    const merged = catalogue('event', [{ name: 'a.made', level: 1 }], [{ name: 'b.made', level: 2 }])
    expect(merged.get('b.made')?.level).toBe(2)
    expect([...merged.keys()]).toEqual(['a.made', 'b.made'])
  })

  it('a name with two owners is refused, within one list and across lists', () => {
    const twice = 'The event "a.made" is declared twice.'
    expect(() => catalogue('event', [{ name: 'a.made' }], [{ name: 'a.made' }])).toThrow(twice)
    expect(() => catalogue('event', [{ name: 'a.made' }, { name: 'a.made' }])).toThrow(twice)
  })
})
