import { systemClock } from '@holdfast/kernel/clock'
import { problem } from '@holdfast/contracts/problems'
import type { BoundRoute } from '../../../http/handle.ts'
import type { OperationHandler } from '../../../work/operations/service.ts'
import { createBatchInsert } from './repo/batch-insert.ts'
import { createGivenRecordsRepo } from './repo/given-records.ts'
import { createImportsRepo } from './repo/imports.ts'
import { createExports, type Exports } from './transfer/exports.ts'
import { createGivenRecords, type GivenRecords } from './transfer/given-records.ts'
import { createReadPages } from './transfer/pages.ts'
import { createImports, type Imports } from './transfer/imports.ts'
import { bindTransfers } from './transfer/routes.ts'
import type { Csrf, Authenticate } from '../../../credential.ts'
import type { Kit } from '../../../kit.ts'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { EndpointModel, RecordRuntime, RecordStore, Snapshot, Snapshots } from '../model.ts'
import { createBulk } from './bulk.ts'
import type { DocumentCollection } from '../../platform/explorer/collection.ts'
import type { NewActivity } from '../../platform/activity/rules.ts'
import type { RecordHooks } from '../../platform/plugins/hooks/record-hooks.ts'
import type { FrequentEvents } from '../../platform/webhooks/engine/frequent.ts'
import type { RecordSubscribers } from '../../platform/webhooks/records/service.ts'
import { createCalls } from './calls.ts'
import { createChangeLog } from './repo/change-log.ts'
import { createChangeTail } from './change-tail.ts'
import { createDispatch } from './dispatch.ts'
import { createIdempotency } from './idempotency.ts'
import { createIndexes } from './repo/indexes.ts'
import { createIntercept, type Intercept, type VouchedClientOf } from './intercept.ts'
import { createLanes } from './repo/lanes.ts'
import { createLive } from './live.ts'
import { createOperate, type Operate } from './operations.ts'
import { operateOn } from './operate-on.ts'
import { type Together, withPluginHooks } from './plugin-hooks.ts'
import { createReading } from './reading.ts'
import { createRecordDocumentsRepo } from './documents/repo.ts'
import { createRecordDocuments } from './documents/record-documents.ts'
import { createRecordAccess, type RecordAccess } from './record-access.ts'
import { createRecordEvents } from './record-events.ts'
import { createRenderer } from './renderer.ts'
import { createRewriting } from './repo/rewriting.ts'
import { createRehearse, type Rehearse } from './rehearsal.ts'
import { type AnswerWithHandlers, createRuntime } from './runtime.ts'
import { createRecordStorage } from './repo/storage.ts'
import { inTransaction } from './repo/transaction.ts'
import { createSweeper, type Sweeper } from './sweeper.ts'
import { createCallWindows } from './windows.ts'
import { createWriting } from './writing.ts'

/** The record runtime, composed. The builder needs `store` before there are snapshots, hence two steps. */
export function createRecordStore(
  kit: Pick<Kit, 'database' | 'logger'>,
): RecordStore & ReturnType<typeof createRecordStorage> {
  return {
    ...createRecordStorage(kit.database),
    ...createRewriting(kit.database),
    ...createIndexes(kit.database, kit.logger),
  }
}

export interface RecordModuleNeeds
  extends Pick<Kit, 'config' | 'database' | 'clock' | 'ids' | 'logger' | 'audit' | 'operations'> {
  snapshots: Snapshots
  authenticate: Authenticate
  csrf: Csrf
  vouchedClient: VouchedClientOf
  recordActivity(entry: NewActivity): void
  endpointCalled: FrequentEvents['called']
  recordSubscribers: RecordSubscribers
  addCallCounts(counts: ReadonlyMap<string, number>): Promise<void>
  answerWithHandlers: AnswerWithHandlers
  hooks: Pick<RecordHooks, 'of' | 'before' | 'after'>
  tracing?: Kit['tracing']
}

export interface RecordModule {
  access: RecordAccess
  /** For code that acts on records: without asking who calls. */
  operate: Operate
  rehearse: Rehearse
  runtime: RecordRuntime
  take: Intercept['take']
  sweeper: Sweeper
  imports: Imports
  /** For the database explorer. */
  documents: DocumentCollection
  exports: Exports
  givenRecords: GivenRecords
  /** To be called after records were written past `access`. */
  onWrite(): void
  /** The routes of import and export; their contract is `recordRoutes`. */
  routes: BoundRoute[]
  /** For `Area.operations`. */
  operations: OperationHandler[]
  /** Must be called before the listener closes: ends streams, refuses what is new. Resolves when nothing is in flight. */
  drain(withinMs: number): Promise<void>
  parts: Part[]
}

/** Connections beside the general pool. One reader and one writer would do for throughput: a second hides the round trip. */
const connections = { reads: 2, writes: 2, queries: 4, rehearsals: 2 } as const
const waitingMax = 5_000
const statementTimeoutMs = 5_000

export function createRecordModule(needs: RecordModuleNeeds): RecordModule {
  const { database, clock, ids, logger, snapshots } = needs
  const laneOptions = { connection: database.connection, logger, waitingMax, statementTimeoutMs }
  const reads = createLanes({
    ...laneOptions,
    name: 'reads',
    connectionsMax: connections.reads,
    indexesOnly: true,
  })
  const writes = createLanes({
    ...laneOptions,
    name: 'writes',
    connectionsMax: connections.writes,
    indexesOnly: true,
  })
  const queries = createLanes({
    ...laneOptions,
    name: 'queries',
    connectionsMax: connections.queries,
    waitingMax: 500,
  })

  const rehearsals = createLanes({
    ...laneOptions,
    name: 'rehearsals',
    connectionsMax: connections.rehearsals,
    waitingMax: 10,
  })

  const log = createChangeLog(queries)
  // It looks again in real time: what it waits for is the end of transactions.
  const tail = createChangeTail({ log, clock: systemClock, logger })
  const onWrite = () => {
    tail.wake()
    events.wake()
  }
  const access = createRecordAccess({ reads, writes, clock, onWrite })
  const events = createRecordEvents({
    log,
    access,
    snapshots,
    subscribers: needs.recordSubscribers,
    clock: systemClock,
    logger,
  })
  const snapshot = () => snapshots.current()
  const bulk = createBulk({ access, writes, snapshot, ids, clock, onWrite })
  const idempotency = createIdempotency({ writes, clock, onWrite })
  const renderer = createRenderer({ access, snapshot })
  const reading = createReading({ access, queries, renderer, clock })
  const writing = createWriting({ access, bulk, idempotency, snapshot, ids })
  const live = createLive({ tail, log, access, queries, renderer, snapshots, clock })
  const operate = createOperate({ reading, writing, bulk, live })
  const rehearse = createRehearse({ lanes: rehearsals, snapshot, clock, ids })
  const together: Together = async (work) => {
    const result = await writes.use((lane) =>
      inTransaction(lane, () => work(operateOn(lane, { snapshot, clock, ids }), lane.run)),
    )
    onWrite()
    return result
  }
  const runtime = createRuntime({
    operate: withPluginHooks(operate, { hooks: needs.hooks, access, together }),
    answerWithHandlers: (request, own) => needs.answerWithHandlers(request, own),
    windows: createCallWindows(clock),
    logger,
  })
  const calls = createCalls({
    clock,
    logger,
    recordActivity: needs.recordActivity,
    endpointCalled: needs.endpointCalled,
    addCounts: needs.addCallCounts,
  })
  const intercept = createIntercept({
    ...needs,
    runtime,
    calls,
    trustedProxies: needs.config.HOLDFAST_TRUSTED_PROXIES,
    tracing: needs.tracing ?? null,
  })
  const findEndpoint = (id: string) => importTarget(snapshots.current(), id)
  const insert = createBatchInsert(database)
  const imports = createImports({
    ...needs,
    repo: createImportsRepo(database),
    insert,
    access,
    findEndpoint,
    onWrite,
  })
  const documents = createRecordDocuments({
    ...needs,
    repo: createRecordDocumentsRepo(database),
    insert: createBatchInsert(database),
    access,
    snapshot,
    onWrite,
  })
  const exports = createExports({ readPages: createReadPages({ queries, clock }), access, findEndpoint })
  const untold = needs.recordSubscribers.oldest
  const sweeper = createSweeper({
    writes,
    snapshots,
    idempotency,
    imports,
    log,
    untold,
    clock,
    logger,
    onWrite,
  })

  return {
    access,
    operate,
    rehearse,
    runtime: createDispatch({ snapshots, runtime, calls }),
    take: intercept.take,
    sweeper,
    imports,
    documents,
    exports,
    givenRecords: createGivenRecords({ ...needs, insert, repo: createGivenRecordsRepo(database) }),
    onWrite,
    routes: bindTransfers({ imports, exports }),
    operations: [imports.operation],
    drain(withinMs) {
      live.stop()
      return intercept.drain(withinMs)
    },
    parts: [
      {
        name: 'record-lanes',
        async stop() {
          await Promise.all([reads, writes, queries, rehearsals].map((lanes) => lanes.close()))
        },
      },
      sweeper.part,
      calls.part,
      events.part,
    ],
  }
}

/** The endpoint whose schema new records of a collection follow: the one that creates them, when there is one. */
function importTarget(snapshot: Snapshot, id: string): EndpointModel {
  const endpoint = snapshot.endpoints.get(id)
  if (endpoint === undefined) throw problem('endpoints.not_found')
  if (endpoint.method === 'POST') return endpoint
  return snapshot.endpointsOf(endpoint.collection.id).find(({ method }) => method === 'POST') ?? endpoint
}
