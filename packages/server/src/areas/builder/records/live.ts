import { isProblem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import type { Collection, EndpointModel, Snapshots } from '../model.ts'
import { checkAccess, type Viewer, viewerOf } from './admission.ts'
import type { Answer, Call } from './call.ts'
import type { Change, ChangeLog, Position } from './repo/change-log.ts'
import type { ChangeTail } from './change-tail.ts'
import { createEventQueue, type EventQueue } from '../../../event-queue.ts'
import type { Plan } from './plan.ts'
import { populate } from './population.ts'
import { type ListQuery, parseListQuery } from './query.ts'
import type { RecordAccess } from './record-access.ts'
import type { Renderer } from './renderer.ts'
import type { StoredRecord } from './repo/hot-statements.ts'
import type { Lanes } from './repo/lanes.ts'
import { matchingSql } from './repo/query-sql.ts'

/**
 * Live changes as Server-Sent Events: GET of a list with `Accept: text/event-stream`, so that whoever may read the list
 * may listen to it, and nobody else. Events `created` and `updated` carry the record as it is now, `deleted` its id.
 * `filter`, `search`, `fields` and `populate` mean what they mean for the list; a record that a change takes out of the filter
 * is told as `deleted`. A stream has no order and no pages, so `sort`, `page`, `limit` and `cursor` say nothing.
 * After a break, Last-Event-ID continues where it was; when that is too long ago, `reset` says to load the list again.
 * A stream ends when the endpoint changes or its caller loses the right; the client's reconnect meets the new rules.
 */
export interface Live {
  listen(plan: Plan, viewer: Viewer, call: Call): Promise<Answer>
  /** Ends every stream. */
  stop(): void
}

interface Needs {
  tail: ChangeTail
  log: ChangeLog
  access: Pick<RecordAccess, 'findMany'>
  /** Connections for what may be slow. */
  queries: Lanes
  renderer: Renderer
  snapshots: Pick<Snapshots, 'current' | 'onChange'>
  clock: Clock
}

/** Who listens, to what of it. */
interface Listener {
  plan: Plan
  viewer: Viewer
  query: ListQuery
  call: Call
}

const listenersMax = 2_000
const resumedMax = 5_000
const heartbeatMs = 15_000
/** Rights are asked again before an event when this much time has passed. */
const recheckMs = 1_000

export function createLive({ tail, log, access, queries, renderer, snapshots, clock }: Needs): Live {
  const streams = new Set<{ endpoint: EndpointModel; queue: EventQueue }>()
  const forget = snapshots.onChange((snapshot) => {
    for (const { endpoint, queue } of streams) {
      if (snapshot.endpoints.get(endpoint.id) !== endpoint) queue.close()
    }
  })

  /** The texts of those records that the listener's filter finds, by id. */
  async function show(
    records: readonly StoredRecord[],
    { collection, viewer, query, call }: Omit<Listener, 'plan'> & { collection: Collection },
  ): Promise<Map<string, string>> {
    const matching = matchingSql(
      collection,
      query,
      records.map(({ id }) => id),
    )
    let kept = records
    if (matching !== null) {
      const { rows } = await queries.use((lane) => lane.run(matching.statement, matching.values))
      const ids = new Set(rows.map(([id]) => id))
      kept = records.filter(({ id }) => ids.has(id))
    }
    const texts = await renderer(collection, kept, viewer, query, call)
    return new Map(kept.map(({ id }, index) => [id, texts[index] ?? '{}']))
  }

  /** The events of one change, as this viewer sees them. `skip` leaves out those already delivered. */
  async function eventsOf(
    change: Change,
    { plan, viewer, query, call }: Listener,
    skip = 0,
  ): Promise<string[]> {
    const { collection } = plan.endpoint
    const found = change.kind === 'deleted' ? null : await access.findMany(collection, change.recordIds)
    const shown = found === null ? null : await show([...found.values()], { collection, viewer, query, call })
    const { transaction, sequence } = change.position
    const events: string[] = []
    change.recordIds.forEach((id, index) => {
      if (index < skip) return
      // Gone since: its `deleted` follows.
      if (found !== null && !found.has(id)) return
      const text = shown?.get(id)
      // A new record that the filter leaves out is nobody's business here; a changed one has left the list.
      if (shown !== null && text === undefined && change.kind === 'created') return
      const kind = text === undefined ? 'deleted' : change.kind
      const data = text ?? `{"_id":"${id}","id":"${id}"}`
      events.push(`id: ${transaction}-${sequence}-${index + 1}\nevent: ${kind}\ndata: ${data}\n\n`)
    })
    return events
  }

  async function* stream(listener: Listener, resume: Resume | null): AsyncGenerator<string> {
    const { plan, call } = listener
    const queue = createEventQueue<Change>()
    const entry = { endpoint: plan.endpoint, queue: queue as EventQueue }
    streams.add(entry)
    const signal = call.signal()
    signal.addEventListener('abort', () => queue.close(), { once: true })
    let cancelHeartbeat = clock.after(heartbeatMs, beat)
    function beat() {
      queue.nudge()
      cancelHeartbeat = clock.after(heartbeatMs, beat)
    }
    let end: (() => void) | undefined
    try {
      const { collection } = plan.endpoint
      const listening = await tail.listen(collection.id, (change) => queue.push(change))
      end = listening.end
      yield 'retry: 2000\n\n'
      yield* catchUp(listener, resume, listening.from)
      let checkedMs = clock.nowMs()
      let current = listener
      for await (const change of queue) {
        if (clock.nowMs() - checkedMs >= recheckMs) {
          const renewed = await stillAdmitted(current)
          if (renewed === null) return
          current = renewed
          checkedMs = clock.nowMs()
        }
        if (change === null) yield ': still here\n\n'
        else {
          const events = await eventsOf(change, current).catch(overflow)
          if (events === null) {
            yield lostEvents
            return
          }
          yield* events
        }
      }
      // What did not fit is lost to this listener, and it must know.
      if (queue.overflowed) yield lostEvents
    } finally {
      cancelHeartbeat()
      end?.()
      streams.delete(entry)
    }
  }

  /** What happened between the last event the client saw and the moment from which the tail reports. */
  async function* catchUp(
    listener: Listener,
    resume: Resume | null,
    until: Position,
  ): AsyncGenerator<string> {
    const here = `id: ${until.transaction}-${until.sequence}-1000000\n`
    if (resume === null) {
      yield `${here}event: ready\ndata: {}\n\n`
      return
    }
    const collectionId = listener.plan.endpoint.collection.id
    const reaches = await log.reaches(resume.position)
    const before = {
      transaction: resume.position.transaction,
      sequence: String(BigInt(resume.position.sequence) - 1n),
    }
    const changes = reaches ? await log.after(before, { max: resumedMax + 1, until, collectionId }) : []
    if (!reaches || changes.length > resumedMax) {
      yield `${here}${lostEvents}`
      return
    }
    for (const change of changes) {
      const isPartly =
        change.position.transaction === resume.position.transaction &&
        change.position.sequence === resume.position.sequence
      const events = await eventsOf(change, listener, isPartly ? resume.delivered : 0).catch(overflow)
      if (events === null) {
        yield `${here}${lostEvents}`
        return
      }
      yield* events
    }
    yield `${here}event: ready\ndata: {}\n\n`
  }

  /** The listener with the rights of now; null when it has lost them, or those to a field that its query names. */
  async function stillAdmitted({ plan, call }: Listener): Promise<Listener | null> {
    const actor = plan.needsActor ? await call.actor({ fresh: true }) : ({ kind: 'anonymous' } as const)
    const viewer = viewerOf(actor)
    try {
      checkAccess(plan, viewer)
      return {
        plan,
        viewer,
        call,
        query: parseListQuery(call.query, plan.endpoint.collection, viewer.groupIds),
      }
    } catch {
      return null
    }
  }

  return {
    async listen(plan, viewer, call) {
      const query = parseListQuery(call.query, plan.endpoint.collection, viewer.groupIds)
      // Refuses a path that cannot be expanded before the stream begins, and not at its first record.
      if (query.populate !== null)
        await populate(
          { access, snapshot: snapshots.current(), viewer, call },
          plan.endpoint.collection,
          [],
          query.populate,
        )
      if (streams.size >= listenersMax) throw problem('records.too_many_listeners', { retryAfterSeconds: 30 })
      const headers = [
        'content-type',
        'text/event-stream',
        'cache-control',
        'no-store',
        'x-accel-buffering',
        'no',
        'x-content-type-options',
        'nosniff',
      ]
      return {
        status: 200,
        headers,
        body: stream({ plan, viewer, query, call }, readResume(call.header('last-event-id'))),
      }
    },
    stop() {
      forget()
      for (const { queue } of streams) queue.close()
      tail.stop()
    },
  }
}

/** The client reads the list again. */
const lostEvents = 'event: reset\ndata: {}\n\n'

/** Null for a change of records that are too large to be told of at once. */
function overflow(error: unknown): null {
  if (isProblem(error, 'records.too_large_together')) return null
  throw error
}

interface Resume {
  position: Position
  /** How many records of that change were delivered. */
  delivered: number
}

/** An id that we did not write is as good as none: the client starts from now. */
function readResume(header: string | undefined): Resume | null {
  const [, transaction, sequence, delivered] = /^(\d{1,19})-(\d{1,18})-(\d{1,7})$/.exec(header ?? '') ?? []
  if (transaction === undefined || sequence === undefined) return null
  return { position: { transaction, sequence }, delivered: Number(delivered) }
}
