import { gatewayMethods } from '@holdfast/contracts/gateway/config'
import { normalizePathPattern, pathPatternMistake } from '@holdfast/contracts/gateway/path-pattern'
import type { RouteInput } from '@holdfast/contracts/gateway/routes'

/** What the gateway takes from an OpenAPI document of version 3.0 or 3.1. */
export interface ReadOpenApi {
  title: string
  /** The first server, with the defaults of its variables; null when it has none with an absolute address. */
  serverUrl: string | null
  operations: ReadOperation[]
  /** What could not be taken over exactly. */
  warnings: string[]
}

export type ReadOperation = Pick<RouteInput, 'method' | 'pathPattern' | 'authRequired'>

/** The document is not one that can be read; the message says why. */
export class OpenApiMistake extends Error {
  override readonly name = 'OpenApiMistake'
}

type Json = Record<string, unknown>

const warningsMax = 50
const methods = gatewayMethods.filter((method) => method !== 'ANY')

/** Throws OpenApiMistake. */
export function readOpenApi(document: unknown): ReadOpenApi {
  if (!isObject(document)) throw new OpenApiMistake('The document is not an object.')
  const { openapi, info, servers } = document
  if (typeof openapi !== 'string' || !/^3\.[01](\.|$)/.test(openapi)) {
    throw new OpenApiMistake('The field openapi must say 3.0 or 3.1. Convert a Swagger 2.0 document first.')
  }
  const title = isObject(info) && typeof info.title === 'string' ? info.title.trim().slice(0, 120) : ''
  const paths = isObject(document.paths) ? document.paths : {}
  const warnings: string[] = []
  const operations = new Map<string, ReadOperation>()
  for (const [path, item] of Object.entries(paths)) {
    if (!path.startsWith('/')) continue
    const pathPattern = patternOf(path, warnings)
    const operationsOf = resolvedItem(document, item, path, warnings)
    if (pathPattern === null || operationsOf === null) continue
    for (const method of methods) {
      const operation = operationsOf[method.toLowerCase()]
      if (!isObject(operation)) continue
      const key = `${method} ${pathPattern.replace(/:[^/]+/g, ':')}`
      if (operations.has(key))
        warnings.push(`${method} ${path} is the same route as one before and is left out.`)
      else operations.set(key, { method, pathPattern, authRequired: asksForCredential(document, operation) })
    }
  }
  return {
    title: title === '' ? 'Imported API' : title,
    serverUrl: serverUrlOf(servers),
    operations: [...operations.values()],
    warnings:
      warnings.length > warningsMax
        ? [...warnings.slice(0, warningsMax), `And ${warnings.length - warningsMax} more.`]
        : warnings,
  }
}

/** `/users/{id}` as the gateway writes it. A segment that is only partly a parameter becomes one as a whole. */
function patternOf(path: string, warnings: string[]): string | null {
  const segments = path.split('/').map((segment) => {
    const [whole, name] = /\{([^{}]+)\}/.exec(segment) ?? []
    if (whole === undefined || name === undefined) return segment
    if (whole !== segment)
      warnings.push(
        `${path}: the segment ${segment} is taken as a whole: the gateway cannot match a part of it.`,
      )
    const word = name
      .replace(/\W/g, '_')
      .replace(/^(?=\d)/, '_')
      .slice(0, 40)
    return `:${word}`
  })
  const pattern = normalizePathPattern(segments.join('/'))
  const mistake = pathPatternMistake(pattern)
  if (mistake !== null) warnings.push(`${path} is left out: a path pattern ${mistake}.`)
  return mistake === null ? pattern : null
}

/** The path item itself, or the one of this document that it refers to (OpenAPI 3.1 §4.8.9). */
function resolvedItem(document: Json, item: unknown, path: string, warnings: string[]): Json | null {
  if (!isObject(item)) return null
  if (typeof item.$ref !== 'string') return item
  const [, name] = /^#\/components\/pathItems\/([^/]+)$/.exec(item.$ref) ?? []
  const { components } = document
  const pathItems = isObject(components) ? components.pathItems : undefined
  const found = name !== undefined && isObject(pathItems) ? pathItems[unescaped(name)] : undefined
  if (isObject(found)) return { ...found, ...item }
  warnings.push(`${path} is left out: what it refers to (${item.$ref.slice(0, 200)}) is not in the document.`)
  return null
}

/** JSON pointer in a URI fragment (RFC 6901 §6). */
function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** An empty requirement among the alternatives makes the credential optional (OpenAPI 3.1 §4.8.30). */
function asksForCredential(document: Json, operation: Json): boolean {
  const security = operation.security ?? document.security
  if (!Array.isArray(security) || security.length === 0) return false
  return security.every((each) => isObject(each) && Object.keys(each).length > 0)
}

function serverUrlOf(servers: unknown): string | null {
  const server: unknown = Array.isArray(servers) ? servers[0] : undefined
  if (!isObject(server) || typeof server.url !== 'string') return null
  const variables = isObject(server.variables) ? server.variables : {}
  const text = server.url.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = variables[name]
    return isObject(variable) && typeof variable.default === 'string' ? variable.default : whole
  })
  return /^https?:\/\//i.test(text) ? text.replace(/\/+$/, '') : null
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
