import { routeRank } from '@holdfast/contracts/gateway/match/find-route'
import type {
  ConsumerConfig,
  RateLimitTier,
  RouteConfig,
  ServiceConfig,
} from '@holdfast/contracts/gateway/config'
import { limitKey } from '../limits/limit-keys.ts'
import type { LimitKey } from '../limits/window-table.ts'
import { type AddressGuard, createAddressGuard } from '../policies/addresses.ts'
import { type CompiledCors, compileCors } from '../policies/cors.ts'
import { type CompiledEdits, compileEdits } from './header-edits.ts'
import { type PathPattern, parsePattern } from '@holdfast/contracts/gateway/match/pattern'
import type { TrieEntry } from '@holdfast/contracts/gateway/match/trie'

/**
 * Entities as requests need them: everything that can be worked out before a request comes. None is ever changed. Flat, since
 * with many routes and consumers what costs is memory that no request has touched for a while.
 */
export interface CompiledRoute extends TrieEntry {
  host: string | null
  pattern: PathPattern
  config: RouteConfig
  /** How many segments of the path the service does not see. */
  segmentsStripped: number
  limitKey: LimitKey
  addresses: AddressGuard | null
  cors: CompiledCors | null
  requestEdits: CompiledEdits | null
  responseEdits: CompiledEdits | null
}

export interface CompiledTarget {
  slot: number
  weight: number
  /** Pools are shared between targets of one origin. */
  origin: string
  isTls: boolean
  hostname: string
  port: number
  /** What the `Host` header says. */
  host: string
  /** Goes before the path; empty or without a slash at its end. */
  basePath: string
}

export interface CompiledService {
  id: string
  config: ServiceConfig
  targets: readonly CompiledTarget[]
}

/** It is its own key of the limits. */
export interface CompiledConsumer extends LimitKey {
  id: string
  keyHash: string
  tier: RateLimitTier
}

export function compileRoute(config: RouteConfig): CompiledRoute {
  const pattern = parsePattern(config)
  return {
    id: config.id,
    method: config.method,
    rank: routeRank(config),
    host: config.host,
    pattern,
    config,
    segmentsStripped: config.stripPrefix ? pattern.segments.length : 0,
    limitKey: limitKey('route', config.id),
    addresses: createAddressGuard(config.addresses),
    cors: config.cors === null ? null : compileCors(config.cors),
    requestEdits: compileEdits(config.requestHeaders),
    responseEdits: compileEdits(config.responseHeaders),
  }
}

/** `slotOf` gives each target its place in the shared target table. Throws TypeError for a URL that is none. */
export function compileService(
  config: ServiceConfig,
  slotOf: (serviceId: string, url: string) => number,
): CompiledService {
  const targets = config.targets.map(({ url, weight }): CompiledTarget => {
    const parsed = new URL(url)
    const isTls = parsed.protocol === 'https:'
    return {
      slot: slotOf(config.id, url),
      weight,
      origin: parsed.origin,
      isTls,
      hostname: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: parsed.port === '' ? (isTls ? 443 : 80) : Number(parsed.port),
      host: parsed.host,
      basePath: parsed.pathname.replace(/\/+$/, ''),
    }
  })
  return { id: config.id, config, targets }
}

export function compileConsumer(config: ConsumerConfig): CompiledConsumer {
  return {
    id: config.id,
    keyHash: config.keyHash,
    tier: config.rateLimitTier,
    ...limitKey('caller', config.id),
  }
}
