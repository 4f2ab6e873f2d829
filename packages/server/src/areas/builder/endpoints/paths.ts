import { pathSegments, type RouteShape } from '@holdfast/contracts/kit/route'

/** Bounds that also keep matching cheap: the search goes at most two ways per segment. */
const segmentsMax = 12
const pathLengthMax = 300
/** Unreserved characters of RFC 3986 §2.3, so that no path can be written in two ways. */
const literalSegment = /^[A-Za-z0-9._~-]{1,100}$/
const parameterSegment = /^:[A-Za-z_][A-Za-z0-9_]{0,39}$/

/** `products/` -> `/api`-less paths stay so; only the slashes are put right. */
export function normalizePath(path: string): string {
  const trimmed = path.trim().replace(/\/+$/, '')
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`
}

/** Why a normalized path cannot be served, or null. */
export function pathMistake(path: string): string | null {
  if (path === '/') return 'The path must name something, such as /api/products.'
  if (path.length > pathLengthMax) return `The path is longer than ${pathLengthMax} characters.`
  const segments = splitPath(path)
  if (segments.length > segmentsMax) return `The path has more than ${segmentsMax} segments.`
  const bad = segments.find(
    (segment) => isDotSegment(segment) || !(literalSegment.test(segment) || parameterSegment.test(segment)),
  )
  if (bad !== undefined) {
    return `"${bad}" cannot be a part of a path. Use letters, digits, - . _ ~, or a parameter such as :id.`
  }
  const names = segments.filter(isParameter)
  if (new Set(names).size < names.length)
    return 'A parameter stands twice in the path. Give each its own name.'
  if (names.length === segments.length) return 'The path must have a fixed part, such as /api/products/:id.'
  return null
}

/** The collection of a path: the path without its parameters. */
export function collectionPath(path: string): string {
  return `/${splitPath(path)
    .filter((segment) => !isParameter(segment))
    .join('/')}`
}

/** Where an endpoint with a version also answers: `/api/products` with `v1` is `/api/v1/products`. Null outside `/api`. */
export function versionAlias(path: string, apiVersion: string | null): string | null {
  if (apiVersion === null || !path.startsWith('/api/')) return null
  return `/api/${apiVersion}${path.slice('/api'.length)}`
}

export function splitPath(path: string): string[] {
  return path.slice(1).split('/')
}

export function isParameter(segment: string): boolean {
  return segment.startsWith(':')
}

/**
 * Tells which of the product's routes or console pages answers a path, something above it, or something below it. What
 * stands above a route is taken as well: an endpoint there would be asked before the route. Built once from the contract.
 */
export function createReservedPaths(
  routes: readonly Pick<RouteShape, 'path'>[],
): (path: string) => string | null {
  const patterns = [...new Set(routes.map((route) => route.path))]
    .map((path) => ({ path, segments: pathSegments(path) }))
    .filter(({ segments }) => segments.length > 0)
  return (path) => {
    const segments = splitPath(path)
    const owner = patterns.find((pattern) =>
      // As far as both go, so that neither begins with the other.
      pattern.segments.slice(0, segments.length).every((segment, index) => {
        const own = segments[index] ?? ''
        return 'parameter' in segment || isParameter(own) || segment.literal === own
      }),
    )
    return owner?.path ?? null
  }
}

function isDotSegment(segment: string): boolean {
  return segment === '.' || segment === '..'
}
