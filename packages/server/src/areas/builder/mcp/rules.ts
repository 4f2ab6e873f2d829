import { createHash } from 'node:crypto'
import type { McpTool } from '@holdfast/contracts/builder/mcp'
import type { JsonSchema } from '../field-types/definition.ts'
import { isParameter, splitPath } from '../endpoints/paths.ts'
import { requestHeaders, RpcError, rpcCodes, type Tool, type ToolArguments } from './model.ts'

/** Pure decisions about tools: names, hints, pages, arguments. */

/** What the specification allows for a name. */
const nameLengthMax = 128

/** `GET /api/products` is `get_api_products`. */
export function toolName(method: string, path: string): string {
  const name = `${method} ${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return name.length <= nameLengthMax ? name : `${name.slice(0, nameLengthMax - 9)}_${digest(name)}`
}

/** Two paths may lead to one name: the later one gets a suffix that depends on nothing but its own path. */
export function withUniqueNames(tools: readonly Tool[]): Tool[] {
  const taken = new Set<string>()
  return tools.map((tool) => {
    const name = taken.has(tool.name)
      ? `${tool.name.slice(0, nameLengthMax - 9)}_${digest(`${tool.method} ${tool.path}`)}`
      : tool.name
    taken.add(name)
    return { ...tool, name }
  })
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** A POST adds; PUT, PATCH and DELETE can take something away. */
export function annotationsOf(method: string, title: string): McpTool['annotations'] {
  return {
    title,
    readOnlyHint: method === 'GET',
    destructiveHint: method !== 'GET' && method !== 'POST',
    idempotentHint: method !== 'POST' && method !== 'PATCH',
    openWorldHint: false,
  }
}

/** The page after `cursor`. Throws when nobody was given such a cursor. */
export function pageOfTools(tools: readonly Tool[], cursor: string | undefined, limit: number) {
  let start = 0
  if (cursor !== undefined) {
    const after = Buffer.from(cursor, 'base64url').toString()
    const index = tools.findIndex(({ name }) => name === after)
    if (index < 0)
      throw new RpcError(
        rpcCodes.invalidParams,
        'This cursor is not known (any more). Begin again without one.',
      )
    start = index + 1
  }
  const page = tools.slice(start, start + limit)
  const last = page.at(-1)
  const hasMore = start + limit < tools.length && last !== undefined
  return { page, nextCursor: hasMore ? Buffer.from(last.name).toString('base64url') : undefined }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Throws invalid params for what cannot be put into a request. What values mean, the route itself decides. */
export function parseArguments(given: unknown): ToolArguments {
  if (given !== undefined && !isObject(given))
    throw new RpcError(rpcCodes.invalidParams, 'arguments must be an object with params, query and body.')
  const { params = {}, query = {}, headers = {}, body, ...others } = given ?? {}
  const unknown = Object.keys(others)
  if (unknown.length > 0) {
    throw new RpcError(
      rpcCodes.invalidParams,
      `arguments has ${unknown.slice(0, 5).join(', ')}, which is not known. Put values into params, query or body.`,
    )
  }
  return {
    params: parseTexts('params', params),
    query: parseQuery(query),
    headers: parseHeaders(headers),
    body,
  }
}

function parseHeaders(given: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parseTexts('headers', given)).map(([name, value]) => {
      const known = requestHeaders.find((each) => each.toLowerCase() === name.toLowerCase())
      if (known === undefined || !/^[\x20-\x7e]{1,255}$/.test(value)) {
        throw new RpcError(
          rpcCodes.invalidParams,
          `headers.${name.slice(0, 100)} cannot be sent. Those of ${requestHeaders.join(' and ')} can, with up to 255 letters.`,
        )
      }
      return [known.toLowerCase(), value]
    }),
  )
}

function parseTexts(where: string, given: unknown): Record<string, string> {
  if (!isObject(given)) throw new RpcError(rpcCodes.invalidParams, `${where} must be an object.`)
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, textOf(`${where}.${name}`, value)]),
  )
}

function parseQuery(given: unknown): Record<string, string | string[]> {
  if (!isObject(given)) throw new RpcError(rpcCodes.invalidParams, 'query must be an object.')
  return Object.fromEntries(
    Object.entries(given)
      .flatMap(([name, value]) => (name === 'filter' ? writtenFilters(value) : [[name, value] as const]))
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map((item: unknown) => textOf(`query.${name}`, item))
          : textOf(`query.${name}`, value),
      ]),
  )
}

/** `{ price: { gte: 5 }, status: 'open' }` as `filter[price][gte]=5` and `filter[status]=open`. */
function writtenFilters(given: unknown): (readonly [string, unknown])[] {
  if (!isObject(given)) throw new RpcError(rpcCodes.invalidParams, 'query.filter must be an object.')
  return Object.entries(given).flatMap(([field, wanted]) =>
    isObject(wanted)
      ? Object.entries(wanted).map(
          ([operator, value]) =>
            [`filter[${field}][${operator}]`, Array.isArray(value) ? value.join(',') : value] as const,
        )
      : [[`filter[${field}]`, wanted] as const],
  )
}

function textOf(where: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new RpcError(rpcCodes.invalidParams, `${where} must be a text, a number or true or false.`)
}

/** Path and query of the request that a tool makes. `template` has `:name` or `{name}` parameters. */
export function requestUrl(
  template: string,
  { params, query }: Pick<ToolArguments, 'params' | 'query'>,
): string {
  const rest = new Map(Object.entries(params))
  const segments = splitPath(template.replace(/\{(\w+)\}/g, ':$1')).map((segment) => {
    if (!isParameter(segment)) return segment
    const name = segment.slice(1)
    const value = rest.get(name)
    rest.delete(name)
    // Dots would climb out of the path once the URL is resolved.
    if (value === undefined || value === '' || value === '.' || value === '..')
      throw new RpcError(rpcCodes.invalidParams, `params.${name} is needed for ${template}.`)
    return encodeURIComponent(value)
  })
  const [stray] = rest.keys()
  if (stray !== undefined)
    throw new RpcError(rpcCodes.invalidParams, `${template} has no parameter ${stray}.`)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const each of typeof value === 'string' ? [value] : value) search.append(name, each)
  const text = search.toString()
  return `/${segments.join('/')}${text === '' ? '' : `?${text}`}`
}

/**
 * The same shape without what a stored value may break: a field may be null, a reference may be expanded, and limits that
 * were set later do not hold for older records.
 */
export function loosened(schema: JsonSchema): JsonSchema {
  const { type, description, properties, items } = schema
  return {
    ...(typeof description === 'string' && { description }),
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, isObject(child) ? loosened(child) : {}]),
      ),
    }),
    ...(isObject(items) && { items: loosened(items) }),
  }
}
