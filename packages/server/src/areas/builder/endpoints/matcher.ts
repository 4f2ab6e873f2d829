import type { EndpointMethod } from '@holdfast/contracts/builder/endpoints'
import type { EndpointModel, Match, OtherMethods } from '../model.ts'
import { isParameter, splitPath, versionAlias } from './paths.ts'

type ByMethod = Map<EndpointMethod, EndpointModel>

/** One segment of the patterns with parameters. */
interface Node {
  readonly literals: Map<string, Node>
  parameter: Node | null
  /** Endpoints whose pattern ends here, with the pattern's parameter names. */
  readonly ends: Map<
    EndpointMethod,
    { endpoint: EndpointModel; names: readonly string[]; endsInParameter: boolean }
  >
}

/** One way to read a path. `found` answers the method, the others are what else is there. */
interface Reading {
  readonly methods: Iterable<EndpointMethod>
  find(method: EndpointMethod): Match | undefined
}

const noParams: Readonly<Record<string, string>> = Object.freeze({})
/** POST creates; it is never meant for one record. */
const recordMethods = new Set<EndpointMethod>(['GET', 'PUT', 'PATCH', 'DELETE'])
const methodNames = new Set<string>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** Only what has the form of a record's id is one, so that no word below a collection is ever taken for a record. */
const recordIdPattern = /^[0-9a-f]{24}$/i

export type Matcher = (method: string, path: string) => Match | OtherMethods | null

/**
 * Finds the endpoint for a request. Paths without parameters are one look-up in a table; the others a walk down a tree
 * of segments that prefers fixed segments to parameters. Neither grows with the number of endpoints.
 */
export function createMatcher(endpoints: Iterable<EndpointModel>): Matcher {
  const fixed = new Map<string, ByMethod>()
  const root = newNode()
  const all = [...endpoints]
  for (const endpoint of all) add(endpoint, endpoint.path)
  // Aliases come last and never displace what was defined under that path.
  for (const endpoint of all) {
    const alias = versionAlias(endpoint.path, endpoint.apiVersion)
    if (alias !== null) add(endpoint, alias)
  }
  const hasPatterns = root.literals.size > 0 || root.parameter !== null

  function add(endpoint: EndpointModel, path: string): void {
    const segments = splitPath(path)
    const names = segments.filter(isParameter).map((segment) => segment.slice(1))
    if (names.length === 0) {
      const methods = fixed.get(path) ?? new Map<EndpointMethod, EndpointModel>()
      if (!methods.has(endpoint.method)) methods.set(endpoint.method, endpoint)
      fixed.set(path, methods)
      return
    }
    const node = segments.reduce((parent, segment) => childOf(parent, segment), root)
    const endsInParameter = isParameter(segments.at(-1) ?? '')
    if (!node.ends.has(endpoint.method)) node.ends.set(endpoint.method, { endpoint, names, endsInParameter })
  }

  /** Every reading of `path` itself, best first. */
  function* readingsOf(path: string): Generator<Reading> {
    const methods = fixed.get(path)
    if (methods !== undefined) yield fixedReading(methods)
    if (hasPatterns) yield* patternReadings(root, splitPath(path), 0, [])
  }

  /** As below a collection: `/api/products/65f0…` read as that record of what answers `/api/products`. */
  function* implicitReadings(path: string): Generator<Reading> {
    const slash = path.lastIndexOf('/')
    const recordId = slash > 0 ? decode(path.slice(slash + 1)) : null
    if (recordId === null || !recordIdPattern.test(recordId)) return
    for (const reading of readingsOf(path.slice(0, slash))) yield asRecord(reading, recordId)
  }

  return (requestMethod, requestPath) => {
    const path = requestPath.length > 1 && requestPath.endsWith('/') ? requestPath.slice(0, -1) : requestPath
    const wanted = requestMethod === 'HEAD' ? 'GET' : requestMethod
    const allowed = new Set<EndpointMethod>()
    for (const readings of [readingsOf(path), implicitReadings(path)]) {
      for (const reading of readings) {
        const match = methodNames.has(wanted) ? reading.find(wanted as EndpointMethod) : undefined
        if (match !== undefined) return match
        for (const method of reading.methods) allowed.add(method)
      }
    }
    return allowed.size === 0 ? null : { allowedMethods: [...allowed] }
  }
}

function fixedReading(methods: ByMethod): Reading {
  return {
    methods: methods.keys(),
    find(method) {
      const endpoint = methods.get(method)
      return endpoint && { endpoint, params: noParams, recordId: null }
    },
  }
}

function* patternReadings(
  node: Node,
  segments: readonly string[],
  index: number,
  values: readonly string[],
): Generator<Reading> {
  const segment = segments[index]
  if (segment === undefined) {
    if (node.ends.size > 0) yield patternReading(node, values)
    return
  }
  const literal = node.literals.get(segment)
  if (literal !== undefined) yield* patternReadings(literal, segments, index + 1, values)
  if (node.parameter === null || segment === '') return
  const value = decode(segment)
  if (value !== null) yield* patternReadings(node.parameter, segments, index + 1, [...values, value])
}

function patternReading(node: Node, values: readonly string[]): Reading {
  return {
    methods: node.ends.keys(),
    find(method) {
      const end = node.ends.get(method)
      if (end === undefined) return undefined
      const params = Object.fromEntries(end.names.map((name, index) => [name, values[index] ?? '']))
      return {
        endpoint: end.endpoint,
        params,
        recordId: end.endsInParameter ? (values.at(-1) ?? null) : null,
      }
    },
  }
}

/** Only what reads as a collection has records below it. */
function asRecord(reading: Reading, recordId: string): Reading {
  const find = (method: EndpointMethod): Match | undefined => {
    const match = recordMethods.has(method) ? reading.find(method) : undefined
    return match === undefined || match.recordId !== null ? undefined : { ...match, recordId }
  }
  return { find, methods: [...reading.methods].filter((method) => find(method) !== undefined) }
}

function newNode(): Node {
  return { literals: new Map(), parameter: null, ends: new Map() }
}

function childOf(parent: Node, segment: string): Node {
  if (isParameter(segment)) return (parent.parameter ??= newNode())
  const child = parent.literals.get(segment) ?? newNode()
  parent.literals.set(segment, child)
  return child
}

/** Percent-decoded (RFC 3986 §2.1); null when it is not valid. */
function decode(segment: string): string | null {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    // Broken escapes name no record: that is the answer.
    return null
  }
}
