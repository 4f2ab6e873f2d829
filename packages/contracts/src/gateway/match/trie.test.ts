import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPath } from './path.ts'
import { parsePattern, type PathMatch } from './pattern.ts'
import { emptyTrie, findEntry, type TrieEntry, withEntry, withoutEntry } from './trie.ts'

interface Entry extends TrieEntry {
  pathPattern: string
  pathMatch: PathMatch
}
let count = 0
const entry = (pathPattern: string, method = 'ANY', pathMatch: PathMatch = 'prefix'): Entry => {
  count += 1
  const id = String(count).padStart(8, '0')
  return { id, method, rank: id, pathPattern, pathMatch }
}
const trieOf = (entries: readonly Entry[]) =>
  entries.reduce((trie, one) => withEntry(trie, parsePattern(one), one), emptyTrie<Entry>())
const find = (entries: readonly Entry[], path: string, method = 'GET') =>
  findEntry(trieOf(entries), readPath(path) ?? [], method)

const recordId = '0123456789abcdef01234567'

/** How a pattern takes a path: 0 for each literal, 1 for a parameter, 2 for a record's id; null when it does not. */
function kindsOf(one: Entry, path: string): { isWhole: boolean; kinds: string } | null {
  const { segments: pattern, isTail, match } = parsePattern(one)
  const segments = path === '/' ? [] : path.slice(1).split('/')
  if (match !== 'prefix' && !isTail && segments.at(-1) === '') segments.pop()
  if (pattern.length > segments.length) return null
  if (isTail && pattern.length === segments.length && path !== '/') return null
  const fits = pattern.every((part, index) =>
    part === null ? segments[index] !== '' : part === segments[index],
  )
  if (!fits) return null
  const kinds = pattern.map((part) => (part === null ? '1' : '0')).join('')
  const below = segments.slice(pattern.length)
  if (below.length === 0) return { isWhole: !isTail, kinds }
  if (match === 'prefix' || isTail) return { isWhole: false, kinds }
  const isRecord = match === 'record' && below.length === 1 && below[0] === recordId
  return isRecord ? { isWhole: true, kinds: `${kinds}2` } : null
}

/** The rules as one would say them: compare every pattern with the path, then sort. */
function naive(entries: readonly Entry[], path: string, method: string): Entry | null {
  const candidates = entries
    .filter((one) => one.method === method || one.method === 'ANY')
    .flatMap((one) => {
      const found = kindsOf(one, path)
      return found === null ? [] : [{ one, ...found, ...parsePattern(one) }]
    })
    .map(({ one, isWhole, kinds, isTail, match }) => ({
      one,
      key: [
        isWhole ? '0' : '1',
        String(99 - kinds.length).padStart(2, '0'),
        kinds,
        isTail ? '0' : '1',
        one.method === 'ANY' ? '1' : '0',
        match === 'prefix' || isTail ? '1' : '0',
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
      )?.pathPattern ?? null,
    ).toBe(expected)
  })

  it('prefers the method itself to ANY, and passes by patterns of other methods', () => {
    const entries = [entry('/users', 'ANY'), entry('/users', 'GET'), entry('/users/7', 'POST')]
    expect(find(entries, '/users', 'GET')?.method).toBe('GET')
    expect(find(entries, '/users', 'PUT')?.method).toBe('ANY')
    expect(find(entries, '/users/7', 'GET')?.pathPattern).toBe('/users')
  })

  it('among equals takes the oldest, and the next when that is gone', () => {
    const [first, second] = [entry('/a'), entry('/a')]
    const trie = trieOf([second, first])
    expect(findEntry(trie, ['a'], 'GET')).toBe(first)
    expect(findEntry(withoutEntry(trie, parsePattern(first), first), ['a'], 'GET')).toBe(second)
  })

  it.each([
    ['/users', '/users', true],
    ['/users', '/users/', true],
    ['/users', '/users/7', false],
    ['/users', `/users/${recordId}`, false],
    ['/users/:id', '/users/7', true],
    ['/users/:id', '/users/7/orders', false],
    ['/', '/', true],
    ['/', '/users', false],
  ])('%s that is exact, asked for %s: %s', (pattern, path, isTaken) => {
    expect(find([entry(pattern, 'ANY', 'exact')], path) !== null).toBe(isTaken)
  })

  it.each([
    ['/users', true],
    [`/users/${recordId}`, true],
    [`/users/${recordId.toUpperCase()}/`, true],
    ['/users/costs', false],
    [`/users/${recordId}0`, false],
    [`/users/${recordId}/orders`, false],
  ])('/users with its records, asked for %s: %s', (path, isTaken) => {
    expect(find([entry('/users', 'ANY', 'record')], path) !== null).toBe(isTaken)
  })

  const segment = fc.constantFrom('a', 'b', 'c', ':p', ':q')
  const pattern = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    .map(([parts, isTail]) => `/${[...parts, ...(isTail ? ['*'] : [])].join('/')}`)
  const method = fc.constantFrom('GET', 'POST', 'ANY')
  const match = fc.constantFrom<PathMatch>('prefix', 'prefix', 'exact', 'record')
  const path = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd', recordId), { maxLength: 5 }), fc.boolean())
    .map(([parts, hasSlash]) => `/${parts.join('/')}${hasSlash && parts.length > 0 ? '/' : ''}`)

  it('of plain patterns takes the one that the prefix rule of the reference finds first, the longest before', () => {
    const plain = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 })
      .map((parts) => `/${parts.join('/')}`)
    fc.assert(
      fc.property(fc.uniqueArray(plain, { maxLength: 20 }), path, (patterns, text) => {
        const entries = patterns.map((pattern) => entry(pattern))
        const first = entries
          .toSorted((left, right) => right.pathPattern.length - left.pathPattern.length)
          .find(
            ({ pathPattern }) =>
              pathPattern === '/' || text === pathPattern || text.startsWith(`${pathPattern}/`),
          )
        expect(find(entries, text)).toBe(first ?? null)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with comparing every pattern, and never changes an older trie', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pattern, method, match), { maxLength: 30 }),
        fc.array(path, { minLength: 1, maxLength: 10 }),
        fc.nat(),
        (patterns, paths, gone) => {
          const entries = patterns.map((parts) => entry(...parts))
          const trie = trieOf(entries)
          const removed = entries[gone % Math.max(1, entries.length)]
          const rest = entries.filter((one) => one !== removed)
          const smaller = removed === undefined ? trie : withoutEntry(trie, parsePattern(removed), removed)
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
