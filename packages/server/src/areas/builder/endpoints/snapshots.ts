import type { NetworkAccess } from '@holdfast/contracts/builder/endpoint-groups'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Tables } from '../../../tables.ts'
import { type Context, systemContext } from '../../../context.ts'
import type { EventFeed } from '../../../work/events/delivery/feed.ts'
import { createCodec, isPlainCollection } from '../field-types/codec.ts'
import { compileValidator } from '../field-types/validator.ts'
import type { Collection, EndpointModel, Snapshot, Snapshots } from '../model.ts'
import { compileNetworkRules, effectiveNetworkAccess } from '../network-access/rules.ts'
import { enabledHandlers } from './enabled-handlers.ts'
import { collectionFields, endpointFields, usedKeysOf } from './assemble.ts'
import { createMatcher } from './matcher.ts'
import {
  type StoredCollectionRow,
  type StoredEndpoint,
  type StoredField,
  tableOfCollection,
} from './stored.ts'

export interface Definitions {
  collections: readonly StoredCollectionRow[]
  fields: readonly StoredField[]
  endpoints: readonly StoredEndpoint[]
  groupNetworks: ReadonlyMap<string, NetworkAccess>
}

/** Compiles everything that is defined. Nothing of it changes afterwards. */
export function buildSnapshot({ collections, fields, endpoints, groupNetworks }: Definitions): Snapshot {
  const fieldById = new Map(fields.map((field) => [field.id, field]))
  const fieldsOf = Map.groupBy(fields, ({ collectionId }) => collectionId)
  const models = new Map(collections.map((row) => [row.id, buildCollection(row, fieldsOf.get(row.id) ?? [])]))
  const enabled = endpoints.filter((endpoint) => endpoint.enabled)
  const built = enabled.flatMap((endpoint) => {
    const collection = models.get(endpoint.collectionId)
    if (collection === undefined) return []
    const used = endpointFields(endpoint.schema, fieldById)
    const group = endpoint.groupId === null ? null : (groupNetworks.get(endpoint.groupId) ?? null)
    const model: EndpointModel = {
      id: endpoint.id,
      name: endpoint.name,
      description: endpoint.description,
      method: endpoint.method,
      path: endpoint.path,
      apiVersion: endpoint.apiVersion,
      collection,
      fields: used,
      validator: compileValidator(used, collection),
      accessType: endpoint.accessType,
      allowedGroupIds: endpoint.allowedGroupIds,
      network: compileNetworkRules(
        effectiveNetworkAccess(endpoint.networkAccess, group, endpoint.inheritGroupNetworkAccess),
      ),
      dataRetentionDays: endpoint.dataRetentionDays,
      rateLimit: endpoint.rateLimit,
      handlers: enabledHandlers(endpoint.handlers),
    }
    return [model]
  })
  const ofCollection = Map.groupBy(built, ({ collection }) => collection.id)
  return {
    match: createMatcher(built),
    endpoints: new Map(built.map((endpoint) => [endpoint.id, endpoint])),
    collections: models,
    endpointsOf: (id) => ofCollection.get(id) ?? [],
  }
}

function buildCollection(row: StoredCollectionRow, stored: readonly StoredField[]): Collection {
  const fields = collectionFields(stored)
  const usedKeys = usedKeysOf(stored)
  return {
    id: row.id,
    path: row.path,
    table: tableOfCollection(row.id),
    fields,
    fieldByName: new Map(fields.map((field) => [field.name, field])),
    usedKeys,
    isPlain: isPlainCollection(fields, usedKeys),
    codec: createCodec(fields, usedKeys),
  }
}

const definitionEvents = [
  'endpoint.created',
  'endpoint.updated',
  'endpoint.deleted',
  'endpoint_group.created',
  'endpoint_group.updated',
  'endpoint_group.deleted',
] as const

const retryMs = 1_000

interface Needs {
  load(ctx: Context): Promise<Definitions>
  database: Pick<Database<Tables>, 'transaction'>
  events: Pick<EventFeed, 'subscribe'>
  clock: Clock
  logger: Logger
}

/** Holds the current snapshot of this server. A new one is built completely before it takes the old one's place. */
export function createSnapshots({
  load,
  database,
  events,
  clock,
  logger,
}: Needs): Snapshots & { part: Part } {
  let current = buildSnapshot({ collections: [], fields: [], endpoints: [], groupNetworks: new Map() })
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let unsubscribe: (() => void) | undefined
  let cancelRetry: (() => void) | undefined

  async function build(): Promise<void> {
    // One picture of one moment, whatever is written meanwhile.
    const definitions = await database.transaction(systemContext('snapshots'), load, {
      isolationLevel: 'repeatable read',
    })
    current = buildSnapshot(definitions)
    for (const run of listeners) {
      try {
        run(current)
      } catch (error) {
        logger.error({ err: error }, 'A listener failed on new endpoint definitions')
      }
    }
  }

  /** A read that has begun may have missed the caller's change, so a call during one waits for the one after it. */
  function refresh(): Promise<void> {
    if (running === undefined) {
      running = build().finally(() => (running = undefined))
      return running
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return refresh()
      })
    return next
  }

  /** An event comes once: when its change could not be read, reading is tried again until it succeeds. */
  async function follow(): Promise<void> {
    try {
      await refresh()
    } catch (error) {
      logger.warn({ err: error }, 'Endpoint definitions could not be read; trying again')
      cancelRetry?.()
      cancelRetry = clock.after(retryMs, () => void follow())
    }
  }

  return {
    current: () => current,
    refresh,
    onChange(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    part: {
      name: 'endpoint snapshots',
      async start() {
        unsubscribe = events.subscribe(definitionEvents, follow)
        await refresh()
      },
      async stop() {
        unsubscribe?.()
        cancelRetry?.()
        await running?.catch(() => undefined)
      },
    },
  }
}
