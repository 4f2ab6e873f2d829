import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPath } from './path.ts'
import { parsePattern } from './pattern.ts'
import { emptyTrie, findEntry, type TrieEntry, withEntry, withoutEntry } from './trie.ts'

interface Entry extends TrieEntry {
  pattern: string
}
let count = 0
const entry = (pattern: string, method = 'ANY'): Entry => {
  count += 1
  const id = String(count).padStart(8, '0')
  return { id, method, rank: id, pattern }
}
const trieOf = (entries: readonly Entry[]) =>
  entries.reduce((trie, one) => withEntry(trie, parsePattern(one.pattern), one), emptyTrie<Entry>())
const find = (entries: readonly Entry[], path: string, method = 'GET') =>
  findEntry(trieOf(entries), readPath(path) ?? [], method)

/** The rules as one would say them: compare every pattern with the path, then sort. */
function naive(entries: readonly Entry[], path: string, method: string): Entry | null {
  const segments = path === '/' ? [] : path.slice(1).split('/')
  const candidates = entries
    .filter((one) => one.method === method || one.method === 'ANY')
    .map((one) => ({ one, ...parsePattern(one.pattern) }))
    .filter(({ segments: pattern, isTail }) => {
      if (pattern.length > segments.length) return false
      if (isTail && pattern.length === segments.length && path !== '/') return false
      return pattern.every((part, index) =>
        part === null ? segments[index] !== '' : part === segments[index],
      )
    })
    .map(({ one, segments: pattern, isTail }) => ({
      one,
      key: [
        !isTail && pattern.length === segments.length ? '0' : '1',
        String(99 - pattern.length).padStart(2, '0'),
        pattern.map((part) => (part === null ? '1' : '0')).join(''),
        isTail ? '0' : '1',
        one.method === 'ANY' ? '1' : '0',
        one.rank,
      ].join(' '),
    }))
  candidates.sort((left, right) => (left.key < right.key ? -1 : 1))
  return candidates[0]?.one ?? null
}

describe('matching', () => {
  const cases: [title: string, patterns: string[], path: string, expected: string | null][] = [
    ['a path takes itself', ['/users'], '/users', '/users'],
    ['a path takes what lies below it', ['/users'], '/users/7', '/users'],
    ['a prefix ends at a segment', ['/users'], '/users2', null],
    ['a trailing slash lies below', ['/users'], '/users/', '/users'],
    ['/ takes everything', ['/'], '/a/b', '/'],
    ['/ takes /', ['/'], '/', '/'],
    ['/* takes /', ['/*'], '/', '/*'],
    ['a literal is better than a parameter', ['/users/:id', '/users/me'], '/users/me', '/users/me'],
    ['a parameter is better than a prefix', ['/users', '/users/:id'], '/users/7', '/users/:id'],
    ['a whole match is better than a longer literal prefix', ['/a/b', '/a/:x/c'], '/a/b/c', '/a/:x/c'],
    ['the longest prefix wins', ['/a', '/a/b', '/'], '/a/b/c/d', '/a/b'],
    ['a parameter is one segment that is not empty', ['/users/:id'], '/users/', null],
    ['* takes what lies below', ['/files/*'], '/files/a/b', '/files/*'],
    ['* does not take the path itself', ['/files/*'], '/files', null],
    ['* takes an empty rest', ['/files/*'], '/files/', '/files/*'],
    ['* is better than a bare prefix', ['/files', '/files/*'], '/files/a', '/files/*'],
    ['parameters may stand anywhere', ['/:a/x/:b'], '/1/x/2', '/:a/x/:b'],
    ['percent-encoding is no way around a pattern', ['/', '/admin'], '/%61dmin', '/admin'],
    ['upper and lower case differ', ['/users'], '/Users', null],
  ]
  it.each(cases)('%s', (_title, patterns, path, expected) => {
    expect(
      find(
        patterns.map((pattern) => entry(pattern)),
        path,
      )?.pattern ?? null,
    ).toBe(expected)
  })

  it('prefers the method itself to ANY, and passes by patterns of other methods', () => {
    const entries = [entry('/users', 'ANY'), entry('/users', 'GET'), entry('/users/7', 'POST')]
    expect(find(entries, '/users', 'GET')?.method).toBe('GET')
    expect(find(entries, '/users', 'PUT')?.method).toBe('ANY')
    expect(find(entries, '/users/7', 'GET')?.pattern).toBe('/users')
  })

  it('among equals takes the oldest, and the next when that is gone', () => {
    const [first, second] = [entry('/a'), entry('/a')]
    const trie = trieOf([second, first])
    expect(findEntry(trie, ['a'], 'GET')).toBe(first)
    expect(findEntry(withoutEntry(trie, parsePattern('/a'), first), ['a'], 'GET')).toBe(second)
  })

  const segment = fc.constantFrom('a', 'b', 'c', ':p', ':q')
  const pattern = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    .map(([parts, isTail]) => `/${[...parts, ...(isTail ? ['*'] : [])].join('/')}`)
  const method = fc.constantFrom('GET', 'POST', 'ANY')
  const path = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 }), fc.boolean())
    .map(([parts, hasSlash]) => `/${parts.join('/')}${hasSlash && parts.length > 0 ? '/' : ''}`)

  it('agrees with comparing every pattern, and never changes an older trie', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pattern, method), { maxLength: 30 }),
        fc.array(path, { minLength: 1, maxLength: 10 }),
        fc.nat(),
        (patterns, paths, gone) => {
          const entries = patterns.map(([text, way]) => entry(text, way))
          const trie = trieOf(entries)
          const removed = entries[gone % Math.max(1, entries.length)]
          const rest = entries.filter((one) => one !== removed)
          const smaller =
            removed === undefined ? trie : withoutEntry(trie, parsePattern(removed.pattern), removed)
          for (const text of paths) {
            const segments = readPath(text) ?? []
            expect(findEntry(smaller, segments, 'GET')).toBe(naive(rest, text, 'GET'))
            expect(findEntry(trie, segments, 'GET')).toBe(naive(entries, text, 'GET'))
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
