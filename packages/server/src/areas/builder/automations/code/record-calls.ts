import { isProblem } from '@holdfast/contracts/kit/problem'
import type { Collection, EndpointModel, Snapshot } from '../../model.ts'
import type { Call } from '../../records/call.ts'
import { groupsNamedBy } from '../../records/named-groups.ts'
import type { Operate } from '../../records/operations.ts'
import { planOf } from '../../records/plan.ts'

/**
 * `db` of user code: records through the same validation, limits and events as over HTTP, with the rights of the
 * endpoint's author, who may define what anybody sees: fields that are kept for groups are open, hidden ones stay hidden.
 * Handlers do not run on what `db` does, so that none calls itself.
 */
interface Needs {
  snapshot: () => Snapshot
  operate: Operate
  /** The collection of `db` itself; null where code has to name one. */
  own: Collection | null
}

type Values = readonly unknown[]

const idPattern = /^[0-9a-fA-F]{24}$/

/** Answers `db.findOne` and so on: the path of the collection (null for its own), then the arguments. */
export function createRecordCalls({ snapshot, operate, own }: Needs) {
  function collectionAt(path: unknown): Collection {
    if (path === null || path === undefined) {
      if (own === null) throw new Error("Name the collection: db.collection('/api/products').find().")
      return own
    }
    if (typeof path !== 'string') throw new Error('The path of a collection is a text such as /api/products.')
    const wanted = `/${path.replace(/^\/+|\/+$/g, '')}`
    for (const collection of snapshot().collections.values())
      if (collection.path === wanted) return collection
    throw new Error(`There is no collection at ${wanted.slice(0, 200)}.`)
  }

  /** The endpoint whose schema counts: the one that offers this over HTTP, when there is one. */
  function endpointFor(collection: Collection, methods: readonly string[]): EndpointModel {
    const endpoints = snapshot().endpointsOf(collection.id)
    for (const method of methods) {
      const found = endpoints.find((endpoint) => endpoint.method === method)
      if (found !== undefined) return found
    }
    const [any] = endpoints
    if (any === undefined) throw new Error(`No endpoint on ${collection.path} is enabled.`)
    return any
  }

  async function ask(
    collection: Collection,
    method: string,
    {
      id = null,
      query = '',
      body,
      signal,
    }: { id?: string | null; query?: string; body?: unknown; signal: AbortSignal },
  ): Promise<unknown> {
    const endpoint = endpointFor(collection, method === 'PATCH' ? ['PATCH', 'PUT', 'POST'] : [method, 'GET'])
    const viewer = { actor: anonymous, groupIds: groupsNamedBy(collection) }
    const call = innerCall(method, collection.path, query, body, signal)
    const answer = await operate(planOf(endpoint), viewer, call, id)
    const parsed = typeof answer.body === 'string' ? (JSON.parse(answer.body) as { data?: unknown }) : {}
    return parsed.data
  }

  const absent =
    <T>(other: T) =>
    (error: unknown) => {
      if (isProblem(error, 'records.not_found')) return other
      throw error
    }

  const calls: Record<
    string,
    (collection: Collection, values: Values, signal: AbortSignal) => Promise<unknown>
  > = {
    findOne(collection, [filter], signal) {
      if (typeof filter === 'string')
        return ask(collection, 'GET', { id: filter, signal }).catch(absent(null))
      return ask(collection, 'GET', { query: queryOf(filter, { limit: 1 }), signal }).then(
        (found) => (found as unknown[])[0] ?? null,
      )
    },
    find: (collection, [filter, options], signal) =>
      ask(collection, 'GET', { query: queryOf(filter, { limit: 100, ...objectOf(options) }), signal }),
    create: (collection, [data], signal) => ask(collection, 'POST', { body: data ?? null, signal }),
    update: (collection, [id, changes], signal) =>
      ask(collection, 'PATCH', { id: idOf(id), body: changes ?? null, signal }).catch(absent(null)),
    delete: (collection, [id], signal) =>
      ask(collection, 'DELETE', { id: idOf(id), signal }).then(() => true, absent(false)),
  }

  return async (name: string, [path, ...values]: Values, signal: AbortSignal): Promise<unknown> => {
    const run = Object.hasOwn(calls, name) ? calls[name] : undefined
    if (run === undefined) throw new Error(`db has no function ${name}.`)
    return run(collectionAt(path), values, signal)
  }
}

const anonymous = { kind: 'anonymous' } as const

function innerCall(method: string, path: string, query: string, body: unknown, signal: AbortSignal): Call {
  return {
    method,
    path,
    query,
    ip: '',
    applyNetworkAccess: false,
    header: () => undefined,
    headers: () => ({}),
    signal: () => signal,
    actor: async () => anonymous,
    checkCsrf: () => undefined,
    readText: async () => (body === undefined ? '' : JSON.stringify(body)),
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error('Filters and options are objects such as { status: "open" }.')
}

function idOf(value: unknown): string {
  if (typeof value === 'string' && idPattern.test(value)) return value
  throw new Error('The id of a record is a text of 24 hexadecimal characters.')
}

/** `{ status: 'open', price: { gte: 5 } }` as the query of a list. `$gte` is the same as `gte`; null asks for absence. */
function queryOf(filter: unknown, { limit, page, sort }: Record<string, unknown>): string {
  const query = new URLSearchParams()
  for (const [field, wanted] of Object.entries(objectOf(filter))) {
    if (wanted === null) query.append(`filter[${field}][exists]`, 'false')
    else if (Array.isArray(wanted)) appendList(query, field, wanted)
    else if (typeof wanted === 'object') {
      for (const [given, value] of Object.entries(wanted)) {
        const operator = given.replace(/^\$/, '')
        if (operator === 'in' && Array.isArray(value)) appendList(query, field, value)
        else query.append(`filter[${field}][${operator}]`, textOf(value))
      }
    } else query.append(`filter[${field}]`, textOf(wanted))
  }
  if (limit !== undefined) query.set('limit', textOf(limit))
  if (page !== undefined) query.set('page', textOf(page))
  if (sort !== undefined) query.set('sort', textOf(sort))
  return query.toString()
}

/** Each value by itself, because it may hold a comma. Nothing is in an empty list, and no record has an empty id. */
function appendList(query: URLSearchParams, field: string, values: readonly unknown[]): void {
  if (values.length === 0) query.append('filter[id]', '')
  for (const value of values) query.append(`filter[${field}][in][]`, textOf(value))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Error('A filter compares with texts, numbers, booleans or lists of them.')
}
