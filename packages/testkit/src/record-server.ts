import { createServer } from 'node:http'
import { createTestClock, type TestClock } from '@holdfast/kernel/clock'
import { createIds } from '@holdfast/kernel/id'
import { silentLogger } from '@holdfast/kernel/logger'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { testContext } from './harness.ts'
import { readConfig } from '@holdfast/server/config'
import type { Actor } from '@holdfast/server/context'
import { collectionModel, endpointModel } from '@holdfast/server/areas/builder/endpoints/fixtures'
import { createMatcher } from '@holdfast/server/areas/builder/endpoints/matcher'
import type {
  Collection,
  CollectionField,
  EndpointField,
  EndpointModel,
  Snapshot,
  Snapshots,
} from '@holdfast/server/areas/builder/model'
import { composeWork } from '@holdfast/server/work/compose'
import type { Operations } from '@holdfast/server/work/operations/service'
import { createAuditRepo } from '@holdfast/server/areas/platform/audit/repo'
import { createAuditLog } from '@holdfast/server/areas/platform/audit/service'
import type { NewActivity } from '@holdfast/server/areas/platform/activity/rules'
import {
  createRecordModule,
  createRecordStore,
  type RecordModule,
} from '@holdfast/server/areas/builder/records/module'

/** The record runtime on a real database and a real socket, over endpoints that a test defines. For tests. */
export interface RecordServer {
  url: string
  clock: TestClock
  database: TestDatabase['database']
  store: ReturnType<typeof createRecordStore>
  module: RecordModule
  /** Runs operations only when the server was started with `withWork`. */
  operations: Operations
  activity: NewActivity[]
  callCounts: Map<string, number>
  /** Tokens that `Authorization: Bearer` accepts. */
  people: Map<string, Actor>
  /** Replaces every endpoint, as a change in the builder does. */
  define(endpoints: readonly EndpointModel[]): void
  call(method: string, path: string, options?: CallOptions): Promise<CallResult>
  stop(): Promise<void>
}

export interface CallOptions {
  body?: unknown
  token?: string
  headers?: Record<string, string>
}
export interface CallResult {
  status: number
  headers: Headers
  // Tests look into answers of many shapes; a wrong guess fails the test.
  body: AnswerBody
}

type AnswerRecord = { id: string; _id: string } & Record<string, unknown>

/** Every property that some answer has; a test that looks at one that is absent fails there. */
export interface AnswerBody {
  success: boolean
  data: AnswerRecord & AnswerRecord[]
  meta: { page: number; limit: number; total: number; nextCursor: string | null }
  code: string
  error: string
  details: { path: string; message: string }[]
}

let collections = 0

/** A collection with a table of its own. */
export function testCollection(
  path: string,
  fields: readonly CollectionField[] = [],
  retiredKeys: readonly string[] = [],
): Collection {
  collections += 1
  const id = `00000000-0000-7000-8000-${collections.toString(16).padStart(12, '0')}`
  return { ...collectionModel(path, fields, retiredKeys), id, table: `c_${id.replaceAll('-', '')}` }
}

/** One endpoint per method on a collection. */
export function crud(
  collection: Collection,
  fields: readonly EndpointField[] = [],
  options: Partial<EndpointModel> = {},
): EndpointModel[] {
  return (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method, index) =>
    endpointModel({
      method,
      path: collection.path,
      collection,
      fields,
      ...options,
      id: collection.id.replace('-7000-', `-7${index + 1}00-`),
    }),
  )
}

export function snapshotOf(endpoints: readonly EndpointModel[]): Snapshot {
  return {
    match: createMatcher(endpoints),
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.id, endpoint])),
    collections: new Map(endpoints.map(({ collection }) => [collection.id, collection])),
    endpointsOf: (collectionId) => endpoints.filter(({ collection }) => collection.id === collectionId),
  }
}

export function testUser(userId: string, groupIds: readonly string[] = []): Actor {
  return {
    kind: 'user',
    userId,
    login: userId,
    sessionId: userId,
    via: 'bearer',
    groupIds,
    permissions: new Set(),
    isAdmin: false,
  }
}

export async function startRecordServer(
  endpoints: readonly EndpointModel[],
  options: { withWork?: boolean } = {},
): Promise<RecordServer> {
  const { database, drop } = await createTestDatabase()
  const clock = createTestClock()
  const ids = createIds(clock)
  const store = createRecordStore({ database, logger: silentLogger })
  let snapshot = snapshotOf(endpoints)
  const listeners = new Set<(snapshot: Snapshot) => void>()
  const snapshots: Snapshots = {
    current: () => snapshot,
    refresh: async () => undefined,
    onChange(run) {
      listeners.add(run)
      return () => listeners.delete(run)
    },
  }
  const audit = createAuditLog({ repo: createAuditRepo(database), database, clock, ids })
  const work = composeWork({ database, clock, ids, logger: silentLogger, audit, place: () => 'here' })
  const people = new Map<string, Actor>()
  const activity: NewActivity[] = []
  const callCounts = new Map<string, number>()
  const module = createRecordModule({
    config: readConfig({ PORT: '0' }),
    database,
    clock,
    ids,
    logger: silentLogger,
    audit,
    operations: work.operations,
    snapshots,
    authenticate: async ({ token }) => people.get(token) ?? null,
    vouchedClient: async () => null,
    csrf: { issue: () => 'right', matches: (_session, token) => token === 'right' },
    recordActivity: (entry) => activity.push(entry),
    endpointCalled: () => {},
    recordSubscribers: {
      places: async () => [],
      tell: async () => false,
      oldest: async () => null,
      onChange: () => () => undefined,
    },
    answerWithHandlers: ({ call }, operate) => operate(call),
    hooks: { of: () => null, before: async (_, change) => change, after: async () => undefined },
    async addCallCounts(counts) {
      for (const [id, count] of counts) callCounts.set(id, (callCounts.get(id) ?? 0) + count)
    },
  })
  for (const collection of snapshot.collections.values()) {
    await store.createTable(testContext({ kind: 'system', name: 'test' }), collection)
  }
  const parts = [...(options.withWork ? work.engine([module]) : []), ...module.parts]
  for (const part of parts) await part.start?.()
  const server = createServer((request, response) => {
    if (module.take(request, response)) return
    response.writeHead(404)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

  return {
    url,
    clock,
    database,
    store,
    module,
    operations: work.operations,
    activity,
    callCounts,
    people,
    define(next) {
      snapshot = snapshotOf(next)
      for (const run of listeners) run(snapshot)
    },
    async call(method, path, { body, token, headers = {} } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return {
        status: response.status,
        headers: response.headers,
        body: JSON.parse(text === '' ? '{}' : text) as AnswerBody,
      }
    },
    async stop() {
      await module.drain(1_000)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      for (const part of parts.toReversed()) await part.stop?.()
      await drop()
    },
  }
}
