import { isDeepStrictEqual } from 'node:util'
import { ServiceConfig } from '@holdfast/contracts/gateway/config'
import type { ServiceChange, ServiceEntity, ServiceInput } from '@holdfast/contracts/gateway/services'
import { problem } from '@holdfast/contracts/problems'
import type { EntityChange } from '../config-feed/service.ts'
import type { StoredService } from './model.ts'

type Targets = StoredService['targets']

export const shownService = (service: StoredService): ServiceEntity => ({
  ...service,
  targetUrl: service.targets[0]?.url ?? '',
})

/** What gateways are told of it. */
export function serviceEntry(service: StoredService): EntityChange {
  const { isPlatform, ...rest } = service
  const value = ServiceConfig.parse(isPlatform ? { ...rest, isPlatform } : rest)
  return { kind: 'service', id: service.id, value }
}

/** The targets of a new service. Throws gateway_services.targets_conflict. */
export function targetsOf({ targetUrl, targets }: Pick<ServiceInput, 'targetUrl' | 'targets'>): Targets {
  return agreed(targetUrl, targets) ?? []
}

/**
 * The targets after a change. A client that sends back what it read, with one of the two fields altered, means that one.
 * Throws gateway_services.targets_conflict when both are altered and do not agree, gateway_services.targets_fixed for this
 * server's own.
 */
export function targetsAfter(
  { targets: before, isPlatform }: Pick<StoredService, 'targets' | 'isPlatform'>,
  { targetUrl, targets }: Pick<ServiceChange, 'targetUrl' | 'targets'>,
): Targets {
  const isSameUrl = targetUrl === before[0]?.url
  const isSameList = isDeepStrictEqual(targets, before)
  const after = agreed(isSameUrl ? undefined : targetUrl, isSameList ? undefined : targets)
  if (after === undefined) return before
  if (isPlatform) throw problem('gateway_services.targets_fixed')
  return after
}

function agreed(targetUrl: string | undefined, targets: Targets | undefined): Targets | undefined {
  if (targetUrl === undefined) return targets
  const single = [{ url: targetUrl, weight: 1 }]
  if (targets === undefined) return single
  const first = targets.find(({ url }) => url === targetUrl)
  if (first === undefined) throw problem('gateway_services.targets_conflict')
  return [first, ...targets.filter((target) => target !== first)]
}

/** A service as it is stored first. Throws gateway_services.targets_conflict. */
export function newService(tenantId: string, id: string, input: ServiceInput, at: Date): StoredService {
  const { name, healthCheckPath, timeoutMs, circuitBreaker } = input
  const now = at.toISOString()
  return {
    id,
    tenantId,
    name,
    targets: targetsOf(input),
    healthCheckPath,
    timeoutMs,
    circuitBreaker,
    isPlatform: false,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  }
}
