import type { TargetTable } from '../limits/target-table.ts'
import { createRetryBudget, type RetryBudget } from '../limits/retry-budget.ts'
import type { CompiledService, CompiledTarget } from '../match/compiled.ts'

/** Chooses among the targets of a service, and keeps the budget for its retries; one in each thread. */
export interface Balancer {
  /**
   * The next target by smooth weighted round robin, among those that are not unhealthy, whose circuit is closed and that
   * are not in `tried`. When only unhealthy ones are left they are tried nevertheless: a wrong health check must not
   * stop a service. Null: every circuit is open, or no target has a weight.
   */
  choose(service: CompiledService, tried: readonly CompiledTarget[], nowMs: number): Choice | null
  budget(service: CompiledService): RetryBudget
}

export interface Choice {
  target: CompiledTarget
  /** This request decides whether the circuit closes. */
  isProbe: boolean
}

interface ServiceState {
  current: number[]
  budget: RetryBudget
}

/** Spares a target that failed so often in a row while others are left, where no circuit breaker is configured. */
const passiveRule = { failuresMax: 5, openMs: 5_000 }

/** When a target of this service is left alone, and for how long. */
export function failureRule({ config }: CompiledService): { failuresMax: number; openMs: number } {
  const { circuitBreaker } = config
  if (circuitBreaker === null) return passiveRule
  return { failuresMax: circuitBreaker.failures, openMs: circuitBreaker.openMs }
}

/** Without a circuit breaker, targets that failed are only spared while others are left. */
function lastResort({ config, targets }: CompiledService, tried: readonly CompiledTarget[]): Choice | null {
  if (config.circuitBreaker !== null) return null
  const target =
    targets.find((candidate) => candidate.weight > 0 && !tried.includes(candidate)) ??
    targets.find(({ weight }) => weight > 0)
  return target === undefined ? null : { target, isProbe: false }
}

export function createBalancer(table: TargetTable): Balancer {
  const states = new WeakMap<CompiledService, ServiceState>()
  const stateOf = (service: CompiledService): ServiceState => {
    let state = states.get(service)
    if (state === undefined) {
      state = { current: service.targets.map(() => 0), budget: createRetryBudget() }
      states.set(service, state)
    }
    return state
  }

  function chooseAmong(
    service: CompiledService,
    accepts: (target: CompiledTarget) => boolean,
    nowMs: number,
  ): Choice | null {
    const { current } = stateOf(service)
    const refused = new Set<CompiledTarget>()
    for (;;) {
      let total = 0
      let best = -1
      for (const [index, target] of service.targets.entries()) {
        if (target.weight === 0 || refused.has(target) || !accepts(target)) continue
        total += target.weight
        current[index] = (current[index] ?? 0) + target.weight
        if (best === -1 || (current[index] ?? 0) > (current[best] ?? 0)) best = index
      }
      const target = service.targets[best]
      if (target === undefined) return null
      current[best] = (current[best] ?? 0) - total
      const admission = table.admit(target.slot, nowMs)
      if (admission !== 'open') return { target, isProbe: admission === 'probe' }
      refused.add(target)
    }
  }

  return {
    choose(service, tried, nowMs) {
      const [only] = service.targets
      if (service.targets.length === 1 && only !== undefined) {
        if (only.weight === 0) return null
        // Alone and without a circuit breaker it is always tried: there is nobody else to spare it for.
        if (service.config.circuitBreaker === null) return { target: only, isProbe: false }
        const admission = table.admit(only.slot, nowMs)
        return admission === 'open' ? null : { target: only, isProbe: admission === 'probe' }
      }
      const isWell = (target: CompiledTarget) => !table.isUnhealthy(target.slot)
      return (
        chooseAmong(service, (target) => isWell(target) && !tried.includes(target), nowMs) ??
        chooseAmong(service, (target) => !tried.includes(target), nowMs) ??
        chooseAmong(service, () => true, nowMs) ??
        lastResort(service, tried)
      )
    },
    budget: (service) => stateOf(service).budget,
  }
}
