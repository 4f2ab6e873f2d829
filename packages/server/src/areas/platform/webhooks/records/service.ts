import type { RecordEventType } from '@holdfast/contracts/events'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Ids } from '@holdfast/kernel/id'
import { type Context, systemContext } from '../../../../context.ts'
import { storableJson } from '../../../../storable.ts'
import type { Tables } from '../../../../tables.ts'
import type { EventSubscriber } from '../../../../work/events/delivery/feed.ts'
import type { EventTypes } from '../../../../work/events/stored.ts'
import { deliveryBody } from '../rules.ts'
import { webhookChanges } from '../engine/frequent.ts'
import { type EngineRepo, waitingMax } from '../engine/repo.ts'
import type { LogPosition, RecordPlace, RecordPlacesRepo } from './repo.ts'

/** A change of records, ready to be told. */
export interface RecordOccurrence {
  type: RecordEventType
  occurredAt: string
  data: unknown
}

/**
 * Webhooks that ask for changes of records, for whoever reads the log of them. Each has a place in the log, which moves on
 * in the transaction that queues its deliveries: nothing is lost with a process, and nothing is told twice. A receiver
 * that does not keep up holds its own place back, and nobody else's.
 */
export interface RecordSubscribers {
  places(): Promise<RecordPlace[]>
  /** Queues the deliveries and moves the place on. False when another replica was faster, or nobody asks any more. */
  tell(place: RecordPlace, to: LogPosition, occurrences: readonly RecordOccurrence[]): Promise<boolean>
  /** What is after this is still to be told; null when nobody asks. */
  oldest(): Promise<LogPosition | null>
  /** Calls when other webhooks may be asking. Answers the function that ends it. */
  onChange(run: () => void): () => void
}

interface Needs {
  places: RecordPlacesRepo
  engine: Pick<EngineRepo, 'queue'>
  database: Pick<Database<Tables>, 'transaction'>
  subscribe(types: EventTypes, subscriber: EventSubscriber): () => void
  clock: Clock
  ids: Ids
}

export function createRecordSubscribers({
  places,
  engine,
  database,
  subscribe,
  clock,
  ids,
}: Needs): RecordSubscribers {
  const ctx = systemContext('webhooks')

  async function queue(tx: Context, webhookId: string, occurrences: readonly RecordOccurrence[]) {
    const deliveries = occurrences.map(({ type, occurredAt, data }) => ({
      id: ids.uuid(),
      webhook_id: webhookId,
      event_id: ids.uuid(),
      event_type: type,
      body: deliveryBody(type, occurredAt, storableJson(data)),
    }))
    if (deliveries.length > 0) await engine.queue(tx, deliveries, clock.now())
  }

  return {
    places: () => places.list(ctx, waitingMax),
    tell: (place, to, occurrences) =>
      database.transaction(ctx, async (tx) => {
        const isOurs = await places.advance(tx, place, to)
        if (isOurs) await queue(tx, place.webhookId, occurrences)
        return isOurs
      }),
    oldest: () => places.oldest(ctx),
    onChange: (run) => subscribe(webhookChanges, run),
  }
}
