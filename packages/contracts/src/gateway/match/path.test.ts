import { describe, expect, it } from 'vitest'
import { readPath } from './path.ts'

describe('reading a path', () => {
  it.each([
    '/a/../b',
    '/..',
    '/a/./b',
    '/.',
    '/%2e%2e/a',
    '/a/%2E%2e',
    '/.%2e/a',
    '/%2e',
    '//',
    '/a//b',
    '//evil.example/a',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a\\b',
    '/a%00',
    '/a%0d%0aX: y',
    '/a%7f',
    '/a%',
    '/a%zz',
    '/a%c0%af',
    '/a%ff',
    '/caf\u00e9',
    '/a b',
    '/a#b',
    'a',
    '*',
    '',
  ])('refuses %j, which servers read in different ways', (path) => {
    expect(readPath(path)).toBeNull()
  })

  it.each([
    ['/', ['']],
    ['/a/b', ['a', 'b']],
    ['/a/', ['a', '']],
    ['/.well-known/x', ['.well-known', 'x']],
    ['/a..b/...', ['a..b', '...']],
    ['/%61', ['a']],
    ['/caf%C3%A9', ['caf\u00e9']],
    ['/a%20b', ['a b']],
    ['/a;v=1/b:c@d', ['a;v=1', 'b:c@d']],
  ] as const)('reads %j', (path, segments) => {
    expect(readPath(path)).toEqual(segments)
  })
})
