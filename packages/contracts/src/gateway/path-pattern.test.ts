import { describe, expect, it } from 'vitest'
import { matchKeyOf, PathPattern, pathPatternMistake } from './path-pattern.ts'

describe('path patterns', () => {
  it.each(['/', '/users', '/users/:id', '/users/:id/orders/*', '/*', '/caf%C3%A9', "/a.b-c_d~!$&'()+,;=@"])(
    '%s is one',
    (pattern) => {
      expect(pathPatternMistake(pattern)).toBeNull()
      expect(PathPattern.parse(pattern)).toBe(pattern)
    },
  )

  it.each([
    'users',
    '//users',
    '/users//7',
    '/a/../b',
    '/a/./b',
    '/a?b=1',
    '/a#b',
    '/*/a',
    '/a*',
    '/:',
    '/:1',
    '/x:y',
    '/:id/:id',
    '/ü',
    '/%zz',
    '/{id}',
    `/${'a/'.repeat(33)}a`,
    `/${'a'.repeat(500)}`,
  ])('%s is none', (pattern) => {
    expect(PathPattern.safeParse(pattern).success).toBe(false)
  })

  it('a final slash means nothing', () => {
    expect(PathPattern.parse('/users/')).toBe('/users')
    expect(PathPattern.parse('/')).toBe('/')
  })

  it('two that take the same paths have one key, and others have not', () => {
    expect(matchKeyOf('/users/:id')).toBe(matchKeyOf('/users/:name'))
    expect(matchKeyOf('/caf%c3%a9')).toBe(matchKeyOf('/caf%C3%A9'))
    const keys = ['/', '/*', '/users', '/users/*', '/users/:id', '/users/id', '/users/:id/*'].map(matchKeyOf)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
