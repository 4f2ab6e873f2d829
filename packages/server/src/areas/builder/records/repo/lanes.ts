import { type ConnectionConfig, isConnectionError } from '@holdfast/database/database'
import { clientConfig, MarkingClient } from '@holdfast/database/client'
import type { Logger } from '@holdfast/kernel/logger'
import { problem } from '@holdfast/contracts/problems'

/** Column values as PostgreSQL writes them: nothing is parsed, because most of it only passes through. */
export type Row = readonly (string | null)[]
export type Value = string | number | null

/** `name` makes it a prepared statement, kept by each connection; without, it is parsed every time. */
export interface Statement {
  name?: string
  text: string
}

/** One connection, one statement at a time. */
export interface Lane {
  /** Differs between the connections of all replicas with high probability; picks the counter shard. */
  readonly shard: number
  /** Throws records.too_large_together when the rows are; nothing of them is kept then. */
  run(statement: Statement, values: readonly Value[]): Promise<{ rows: readonly Row[]; count: number }>
}

export interface Lanes {
  /**
   * Runs `work` when a connection is free, at the end of this turn of the event loop at the earliest: whoever waits
   * gathers what arrives meanwhile. Throws server.busy when too much waits already.
   */
  use<T>(work: (lane: Lane) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface LanesOptions {
  name: string
  connection: ConnectionConfig
  logger: Logger
  connectionsMax: number
  /** Work that may wait; beyond it callers are told to come back. */
  waitingMax: number
  statementTimeoutMs: number
  /** Only statements that an index answers run here: a plan made while a table was small must not scan it when it is large. */
  indexesOnly?: boolean
}

/** How long after its statement timeout a connection may stay silent before it is given up. */
const silenceMs = 3_000
/** Counter shards of one collection at most. */
const shardsMax = 64
/** A connection that has prepared more statements is replaced, which bounds what PostgreSQL keeps for it. */
const preparedMax = 1_000
/** Characters of what one statement answers: several of the largest records, and far below what one text may hold. */
const resultLengthMax = 64 * 1024 * 1024

interface OpenLane extends Lane {
  readonly broken: boolean
  readonly worn: boolean
  end(): Promise<void>
}

/** A small pool of its own beside the general one: the hot path neither waits for slow queries nor parses values. */
export function createLanes(options: LanesOptions): Lanes {
  const idle: OpenLane[] = []
  const waiting: { work: (lane: Lane) => Promise<void>; fail: (error: unknown) => void }[] = []
  let open = 0
  let scheduled = false
  let closed = false
  let whenEmpty: (() => void) | undefined

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(pump)
  }

  function pump(): void {
    scheduled = false
    while (waiting.length > 0 && (idle.length > 0 || open < options.connectionsMax)) {
      const lane = idle.pop()
      if (lane?.broken) {
        open -= 1
        continue
      }
      const next = waiting.shift()
      if (next === undefined) return
      if (lane === undefined) open += 1
      void serve(next, lane)
    }
  }

  async function serve(next: (typeof waiting)[number], ready: OpenLane | undefined): Promise<void> {
    let lane = ready
    try {
      lane ??= await openLane(options)
    } catch (error) {
      open -= 1
      next.fail(error)
      settle()
      return
    }
    await next.work(lane)
    if (lane.broken || lane.worn || closed) {
      open -= 1
      await lane.end()
    } else {
      idle.push(lane)
    }
    settle()
  }

  function settle(): void {
    if (waiting.length > 0) schedule()
    else if (open === idle.length) whenEmpty?.()
  }

  return {
    use(work) {
      if (closed) return Promise.reject(problem('server.stopping', { retryAfterSeconds: 2 }))
      if (waiting.length >= options.waitingMax)
        return Promise.reject(problem('records.busy', { retryAfterSeconds: 1 }))
      return new Promise((resolve, reject) => {
        waiting.push({ work: (lane) => work(lane).then(resolve, reject), fail: reject })
        schedule()
      })
    },
    async close() {
      closed = true
      if (waiting.length > 0 || open > idle.length)
        await new Promise<void>((resolve) => (whenEmpty = resolve))
      await Promise.all(idle.splice(0).map((lane) => lane.end()))
    },
  }
}

async function openLane(options: LanesOptions): Promise<OpenLane> {
  const settings = [
    'timezone=UTC',
    'jit=off',
    ...(options.indexesOnly ? ['enable_seqscan=off', 'plan_cache_mode=force_generic_plan'] : []),
  ]
  let resultLength = 0
  /** Called for each value of each row as it arrives: after an error the driver throws the other rows away. */
  const keepText = (value: string) => {
    resultLength += value.length
    if (resultLength > resultLengthMax) throw problem('records.too_large_together')
    return value
  }
  const client = new MarkingClient({
    ...clientConfig(options.connection),
    types: { getTypeParser: () => keepText },
    statement_timeout: options.statementTimeoutMs,
    // PostgreSQL itself stops a slow statement; one that is not even answered then has lost its server.
    query_timeout: options.statementTimeoutMs + silenceMs,
    application_name: `holdfast ${options.name}`,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
  })
  let broken = false
  const prepared = new Set<string>()
  const lost = (error?: Error) => {
    if (broken) return
    broken = true
    if (error)
      options.logger.warn(
        { err: error, lane: options.name },
        'A database connection was lost; a new one follows.',
      )
  }
  client.on('error', lost)
  client.on('end', () => lost())
  await client.connect()
  return {
    shard: Math.floor(Math.random() * shardsMax),
    get broken() {
      return broken
    },
    get worn() {
      return prepared.size > preparedMax
    },
    async run(statement, values) {
      if (statement.name !== undefined) prepared.add(statement.name)
      resultLength = 0
      try {
        const result = await client.query<(string | null)[]>({
          ...statement,
          values: [...values],
          rowMode: 'array',
        })
        return { rows: result.rows, count: result.rowCount ?? 0 }
      } catch (error) {
        if (isConnectionError(error)) broken = true
        if (!(error instanceof Error) || error.message !== 'Query read timeout') throw error
        broken = true
        throw problem('server.unavailable', { retryAfterSeconds: 2, cause: error })
      }
    },
    async end() {
      await client.end().catch(() => lost())
    },
  }
}
