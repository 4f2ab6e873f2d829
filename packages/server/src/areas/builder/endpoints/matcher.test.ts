import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import { endpointModel } from './fixtures.ts'
import { allRoutes } from '@holdfast/contracts/routes'
import { createMatcher } from './matcher.ts'
import { collectionPath, createReservedPaths, normalizePath, pathMistake } from './paths.ts'

const methods: EndpointMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const record = '65f0c2aa0b1c2d3e4f506172'

const define = (...definitions: [EndpointMethod, string, string?][]) =>
  definitions.map(([method, path, apiVersion]) =>
    endpointModel({ id: `${method} ${path}`, method, path, apiVersion: apiVersion ?? null }),
  )

/** `METHOD path` of what answers, with the record meant; or the allowed methods; or null. */
function ask(definitions: ReturnType<typeof define>, method: string, path: string) {
  const match = createMatcher(definitions)(method, path)
  if (match === null) return null
  return 'endpoint' in match ? [match.endpoint.id, match.recordId, match.params] : match.allowedMethods
}

describe('matching a request to an endpoint', () => {
  it('an exact path wins over a parameter, a parameter over the implicit record', () => {
    const definitions = define(['GET', '/api/x'], ['GET', '/api/x/:id'], ['GET', '/api/x/featured'])
    expect(ask(definitions, 'GET', '/api/x/featured')).toEqual(['GET /api/x/featured', null, {}])
    expect(ask(definitions, 'GET', '/api/x/7')).toEqual(['GET /api/x/:id', '7', { id: '7' }])
    expect(ask(define(['GET', '/api/x']), 'GET', `/api/x/${record}`)).toEqual(['GET /api/x', record, {}])
  })

  it('only what looks like the id of a record is one below a collection', () => {
    const definitions = define(['GET', '/api/x'], ['PUT', '/api/x'])
    for (const word of ['login', '7', record.slice(1), `${record}0`, 'z'.repeat(24), '%zz'])
      expect(ask(definitions, 'GET', `/api/x/${word}`)).toBeNull()
    expect(ask(definitions, 'PUT', `/api/x/${record.toUpperCase()}`)).toEqual([
      'PUT /api/x',
      record.toUpperCase(),
      {},
    ])
  })

  it('each method falls back on its own', () => {
    const definitions = define(['GET', '/api/x/:id'], ['PUT', '/api/x'], ['POST', '/api/x'])
    expect(ask(definitions, 'PUT', `/api/x/${record}`)).toEqual(['PUT /api/x', record, {}])
    expect(ask(definitions, 'POST', `/api/x/${record}`)).toEqual(['GET', 'PUT'])
    expect(ask(definitions, 'DELETE', '/api/x')).toEqual(['PUT', 'POST'])
    expect(ask(definitions, 'GET', '/api/y')).toBeNull()
  })

  it('HEAD is answered as GET, a final slash is nothing, and case matters', () => {
    const definitions = define(['GET', '/api/x'])
    expect(ask(definitions, 'HEAD', '/api/x/')).toEqual(['GET /api/x', null, {}])
    expect(ask(definitions, 'GET', '/api/X')).toBeNull()
    expect(ask(definitions, 'get', '/api/x')).toEqual(['GET'])
  })

  it('a version also answers under its alias, unless something was defined there', () => {
    const definitions = define(['GET', '/api/x', 'v1'], ['GET', '/api/y', 'v1'], ['GET', '/api/v1/y'])
    expect(ask(definitions, 'GET', `/api/v1/x/${record}`)).toEqual(['GET /api/x', record, {}])
    expect(ask(definitions, 'GET', '/api/v1/y')).toEqual(['GET /api/v1/y', null, {}])
    expect(ask(definitions, 'GET', '/api/v2/x')).toBeNull()
  })

  it('several parameters are decoded, and the record is the last segment only when that is one', () => {
    const definitions = define(['GET', '/api/users/:userId/orders'], ['GET', '/api/users/:userId/orders/:id'])
    expect(ask(definitions, 'GET', '/api/users/a%20b/orders')).toEqual([
      'GET /api/users/:userId/orders',
      null,
      { userId: 'a b' },
    ])
    expect(ask(definitions, 'GET', '/api/users/1/orders/2')).toEqual([
      'GET /api/users/:userId/orders/:id',
      '2',
      { userId: '1', id: '2' },
    ])
    expect(ask(definitions, 'GET', '/api/users/%zz/orders')).toBeNull()
  })

  it('agrees with trying every definition one by one', () => {
    const segment = fc.constantFrom('a', 'b', ':p')
    const path = fc
      .array(segment, { minLength: 0, maxLength: 3 })
      .map((rest) =>
        `/r/${rest.map((text, index) => (text === ':p' ? `:p${index}` : text)).join('/')}`.replace(/\/$/, ''),
      )
    const method = fc.constantFrom<EndpointMethod>('GET', 'PUT', 'POST')
    const definitions = fc.uniqueArray(fc.tuple(method, path), {
      selector: ([m, p]) => `${m} ${p.replace(/:\w+/g, ':')}`,
      maxLength: 12,
    })
    const request = fc
      .array(fc.constantFrom('a', 'b', 'c', record), { maxLength: 4 })
      .map((rest) => ['/r', ...rest].join('/'))
    fc.assert(
      fc.property(definitions, method, request, (list, wanted, asked) => {
        const match = createMatcher(define(...list))(wanted, asked)
        const found = match !== null && 'endpoint' in match ? match.endpoint.id : null
        expect(found).toBe(naive(list, wanted, asked))
      }),
      { numRuns: 500 },
    )
  })
})

/** The rule written down without any thought of speed. */
function naive(list: [EndpointMethod, string][], method: EndpointMethod, path: string): string | null {
  const fits = (pattern: string, segments: string[]) => {
    const own = pattern.split('/')
    return (
      own.length === segments.length &&
      own.every((text, index) => text.startsWith(':') || text === segments[index])
    )
  }
  /** Fixed segments sort before parameters, the first one decides. */
  const rank = (pattern: string) =>
    pattern
      .split('/')
      .map((text) => (text.startsWith(':') ? '1' : '0'))
      .join('')
  const best = (segments: string[], accept: (pattern: string) => boolean) =>
    list
      .filter(([own, pattern]) => own === method && accept(pattern) && fits(pattern, segments))
      .sort(([, a], [, b]) => rank(a).localeCompare(rank(b)))[0]
  const segments = path.split('/')
  const found =
    best(segments, () => true) ??
    (method === 'POST' || segments.at(-1) !== record
      ? undefined
      : best(segments.slice(0, -1), (pattern) => !/:\w+$/.test(pattern)))
  return found === undefined ? null : `${found[0]} ${found[1]}`
}

describe('paths', () => {
  it('slashes are put right', () => {
    expect(['api/x/', '/api/x', ' /api/x// '].map(normalizePath)).toEqual(['/api/x', '/api/x', '/api/x'])
  })

  it.each([
    '/',
    '/api//x',
    '/api/x y',
    '/api/../x',
    '/:id',
    '/api/:a/:a',
    '/api/é',
    '/api/x?y',
    '/api/%41',
    `/${'a/'.repeat(20)}b`,
  ])('%s is refused', (path) => {
    expect(pathMistake(path)).toBeTypeOf('string')
  })

  it('a collection is the path without its parameters', () => {
    expect(collectionPath('/api/users/:userId/orders/:id')).toBe('/api/users/orders')
  })

  it('only whole segments of what the product answers are reserved', () => {
    const reserved = createReservedPaths([
      { path: '/api/users/{id}' },
      { path: '/api/users' },
      { path: '/health' },
    ])
    const taken = [
      '/api/users',
      '/api/users/:x',
      '/api/users/archive',
      '/api/users/:id/posts',
      '/health',
      '/health/x',
      '/api/:x',
      '/api',
    ]
    const free = ['/api/usersettings', '/api/products', '/healthy', '/api/products/users', '/v1/users']
    expect(taken.filter((path) => reserved(path) === null)).toEqual([])
    expect(free.filter((path) => reserved(path) !== null)).toEqual([])
  })

  it('nobody can define an endpoint at, above or below a route of the product', () => {
    const reserved = createReservedPaths(allRoutes)
    const open = allRoutes.flatMap(({ path }) => {
      const segments = path.slice(1).split('/')
      const above = segments.map((_, index) => segments.slice(0, index + 1))
      return [...above, [...segments, 'more'], [...segments, ':more']].flatMap((taken) =>
        [':other', record].map(
          (value) => `/${taken.map((segment) => segment.replace(/^\{\w+\}$/, value)).join('/')}`,
        ),
      )
    })
    expect(open.length).toBeGreaterThan(1_000)
    expect(open.filter((path) => path !== '/' && reserved(path) === null)).toEqual([])
  })

  it('even an endpoint that was defined above a route before takes no request from it', () => {
    const taken = allRoutes.flatMap((route) => {
      const asked = route.path.replace(/\{\w+\}/g, '0190e0c4-7a2b-7cc3-98c5-1f2a3b4c5d6e')
      const segments = asked.split('/')
      const above = segments.slice(2).map((_, index) => segments.slice(0, index + 2).join('/'))
      const match = createMatcher(
        define(
          ...above.flatMap((path) => methods.map((method) => [method, path] as [EndpointMethod, string])),
        ),
      )
      return match(route.method, asked) === null ? [] : [`${route.method} ${route.path}`]
    })
    expect(taken).toEqual([])
  })
})
