import type { RecordEventType } from '@holdfast/contracts/events'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { RecordPlace } from '../../platform/webhooks/records/repo.ts'
import type { RecordOccurrence, RecordSubscribers } from '../../platform/webhooks/records/service.ts'
import { createLoop } from '../../../work/loop.ts'
import type { Collection, Snapshots } from '../model.ts'
import { groupsNamedBy } from './named-groups.ts'
import type { RecordAccess } from './record-access.ts'
import { renderRecord } from './rendering.ts'
import type { Change, ChangeLog } from './repo/change-log.ts'

/**
 * Changes of records as events for webhooks. Every write names its records in the log of changes, in its own
 * transaction; this follows the log for each webhook that asks, on every replica, and whoever is first moves the place
 * on. So a write costs nothing more when somebody asks, and nothing is overlooked: a webhook's place is taken in the
 * transaction that saves it. Whether somebody asks is remembered only to look less often.
 */
export interface RecordEvents {
  /** Something was written here. */
  wake(): void
  part: Part
}

interface Needs {
  log: Pick<ChangeLog, 'after'>
  access: Pick<RecordAccess, 'findMany'>
  snapshots: Pick<Snapshots, 'current' | 'refresh'>
  subscribers: RecordSubscribers
  /** Real time: what is waited for here are other transactions and other servers. */
  clock: Clock
  logger: Logger
}

/** How often it looks while somebody asks: what was written by other replicas is seen then. */
const lookEveryMs = 1_000
const idleMs = 30_000
/** What is written within this is told together. */
const gatherMs = 50
const changesMax = 200
/** Of the deliveries that are queued in one transaction. */
const bytesMax = 4 * 1_048_576
/** Of the records that one event shows. Its ids are complete. */
const shownBytesMax = 256 * 1_024
const readTogether = 50

export function createRecordEvents(needs: Needs): RecordEvents {
  const { log, access, snapshots, subscribers, clock, logger } = needs
  let isWanted = false
  let isStopping = false
  let cancelWake: (() => void) | undefined
  let unsubscribe: (() => void) | undefined

  const loop = createLoop({
    clock,
    retryMs: lookEveryMs,
    work: async () => {
      const places = await subscribers.places()
      isWanted = places.length > 0
      let hasMore = false
      for (const place of places) if (!place.isFull && !isStopping) hasMore = (await follow(place)) || hasMore
      if (hasMore) return 0
      return isWanted ? lookEveryMs : idleMs
    },
    onError: (error) => logger.warn({ err: error }, 'Changes of records could not be told; trying again'),
  })

  /** Tells one webhook what is next; true when there is more. */
  async function follow(place: RecordPlace): Promise<boolean> {
    const changes = await log.after(place.position, { max: changesMax, unlessIn: place.since })
    const occurrences: RecordOccurrence[] = []
    let position = changes.at(-1)?.position
    if (position === undefined) return false
    let bytes = 0
    for (const change of changes) {
      const type: RecordEventType = `record.${change.kind}`
      const described = place.events.includes(type) ? await describe(change) : null
      if (described === null) continue
      occurrences.push({ type, occurredAt: change.occurredAt, data: described.data })
      bytes += described.bytes
      if (bytes < bytesMax) continue
      position = change.position
      break
    }
    const told = await subscribers.tell(place, position, occurrences)
    return told && (changes.length === changesMax || bytes >= bytesMax)
  }

  /** Null when the collection is gone. */
  async function describe({ kind, collectionId, recordIds }: Change) {
    const collection = await collectionOf(collectionId)
    if (collection === undefined) return null
    const data = { path: collection.path, collectionId, ids: recordIds }
    const idBytes = recordIds.length * 27
    if (kind === 'deleted') return { data, bytes: idBytes }
    const { records, bytes } = await show(collection, recordIds)
    return { data: { ...data, records }, bytes: idBytes + bytes }
  }

  async function collectionOf(id: string): Promise<Collection | undefined> {
    const known = snapshots.current().collections.get(id)
    if (known !== undefined) return known
    // Made by another replica a moment ago.
    await snapshots.refresh()
    return snapshots.current().collections.get(id)
  }

  /** As who may define the endpoint sees them: fields that are kept for groups are there, hidden ones are not. */
  async function show(collection: Collection, ids: readonly string[]) {
    const records: unknown[] = []
    let bytes = 0
    for (let at = 0; at < ids.length && bytes < shownBytesMax; at += readTogether) {
      const wanted = ids.slice(at, at + readTogether)
      const found = await access.findMany(collection, wanted)
      for (const id of wanted) {
        const record = found.get(id)
        if (record === undefined) continue
        bytes += record.body.length
        if (bytes > shownBytesMax) break
        records.push(JSON.parse(renderRecord(collection, record, groupsNamedBy(collection))))
      }
    }
    return { records, bytes: Math.min(bytes, shownBytesMax) }
  }

  return {
    wake() {
      if (!isWanted || isStopping) return
      cancelWake ??= clock.after(gatherMs, () => {
        cancelWake = undefined
        loop.wake()
      })
    },
    part: {
      name: 'record events',
      async start() {
        unsubscribe = subscribers.onChange(loop.wake)
        loop.wake()
      },
      async stop() {
        isStopping = true
        unsubscribe?.()
        cancelWake?.()
        await loop.stop()
      },
    },
  }
}
