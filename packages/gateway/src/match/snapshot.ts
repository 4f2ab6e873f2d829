import type { TenantSettings } from '@holdfast/contracts/gateway/config'
import type { DataPlaneChange } from '../data-plane.ts'
import { limitKey } from '../limits/limit-keys.ts'
import type { LimitKey } from '../limits/window-table.ts'
import { type AddressGuard, createAddressGuard } from '../policies/addresses.ts'
import { createPlatformTokens, type PlatformTokens } from '../policies/platform-tokens.ts'
import {
  type CompiledConsumer,
  type CompiledRoute,
  type CompiledService,
  compileConsumer,
  compileRoute,
  compileService,
} from './compiled.ts'
import type { RequestPath } from '@holdfast/contracts/gateway/match/path'
import { emptyMap, type PersistentMap } from '@holdfast/contracts/gateway/match/persistent-map'
import {
  emptyTrie,
  isEmpty,
  type TrieNode,
  withEntry,
  withoutEntry,
} from '@holdfast/contracts/gateway/match/trie'
import { anyHost, findRoute as findAmong } from '@holdfast/contracts/gateway/match/find-route'

/**
 * One revision of the configuration, ready to serve. Never changed: a change makes the next one, which shares with it all
 * that stays. Whoever holds a snapshot finishes under it.
 */
export interface Snapshot {
  readonly revision: number
  readonly routes: PersistentMap<CompiledRoute>
  /** By host; `''` is any host. */
  readonly tries: PersistentMap<TrieNode<CompiledRoute>>
  readonly services: PersistentMap<CompiledService>
  readonly consumers: PersistentMap<CompiledConsumer>
  readonly consumersByHash: PersistentMap<CompiledConsumer>
  readonly members: PersistentMap<LimitKey>
  readonly settings: TenantSettings | null
  readonly addresses: AddressGuard | null
  readonly tokens: PlatformTokens
}

export function emptySnapshot(): Snapshot {
  return {
    revision: 0,
    routes: emptyMap(),
    tries: emptyMap(),
    services: emptyMap(),
    consumers: emptyMap(),
    consumersByHash: emptyMap(),
    members: emptyMap(),
    settings: null,
    addresses: null,
    tokens: createPlatformTokens({ keys: [] }),
  }
}

/** The route for a request; one that names the host is better than any without. */
export function findRoute(
  snapshot: Snapshot,
  method: string,
  host: string | null,
  path: RequestPath,
): CompiledRoute | null {
  return findAmong(snapshot.tries, method, host, path)
}

/** Throws, changing nothing, when an entity cannot be compiled. */
export function applyChange(
  before: Snapshot,
  change: DataPlaneChange,
  slotOf: (serviceId: string, url: string) => number,
): Snapshot {
  const base = change.replaceAll ? { ...emptySnapshot(), tokens: before.tokens } : before
  const routes = base.routes.edit()
  const tries = base.tries.edit()
  const services = base.services.edit()
  const consumers = base.consumers.edit()
  const consumersByHash = base.consumersByHash.edit()
  const members = base.members.edit()
  let { settings, addresses } = base

  const changeTrie = (
    route: CompiledRoute,
    work: (trie: TrieNode<CompiledRoute>) => TrieNode<CompiledRoute>,
  ) => {
    const host = route.host ?? anyHost
    const next = work(tries.get(host) ?? emptyTrie())
    // Whether any route names a host is told by the number of tries.
    if (isEmpty(next)) tries.delete(host)
    else tries.set(host, next)
  }
  const removeRoute = (id: string) => {
    const old = routes.get(id)
    if (old === undefined) return
    changeTrie(old, (trie) => withoutEntry(trie, old.pattern, old))
    routes.delete(id)
  }
  const removeConsumer = (id: string) => {
    const old = consumers.get(id)
    if (old === undefined) return
    consumersByHash.delete(old.keyHash)
    consumers.delete(id)
  }

  for (const { kind, id } of change.removals) {
    if (kind === 'route') removeRoute(id)
    else if (kind === 'service') services.delete(id)
    else if (kind === 'consumer') removeConsumer(id)
    else if (kind === 'member') members.delete(id)
    else [settings, addresses] = [null, null]
  }
  for (const { kind, id, entity } of change.upserts) {
    if (kind === 'route') {
      removeRoute(id)
      // One text for all its routes: what is shared is still at hand.
      const serviceId = services.get(entity.serviceId)?.id ?? entity.serviceId
      const route = compileRoute({ ...entity, serviceId })
      routes.set(id, route)
      changeTrie(route, (trie) => withEntry(trie, route.pattern, route))
    } else if (kind === 'service') services.set(id, compileService(entity, slotOf))
    else if (kind === 'consumer') {
      removeConsumer(id)
      const consumer = compileConsumer(entity)
      consumers.set(id, consumer)
      consumersByHash.set(consumer.keyHash, consumer)
    } else if (kind === 'member') members.set(id, limitKey('caller', id))
    else [settings, addresses] = [entity, createAddressGuard(entity.addresses)]
  }
  return {
    revision: change.revision,
    routes: routes.done(),
    tries: tries.done(),
    services: services.done(),
    consumers: consumers.done(),
    consumersByHash: consumersByHash.done(),
    members: members.done(),
    settings,
    addresses,
    tokens: change.jwks === undefined ? before.tokens : createPlatformTokens(change.jwks),
  }
}
