import type { LimitName } from '@holdfast/contracts/kit/route'
import type { SettingValues } from '@holdfast/contracts/platform/settings'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'

export interface LimitRule {
  requestsMax: number
  windowMs: number
}

/** Requests a minute, by limit name and by whether the caller is known. Read at every request: settings change live. */
export interface LimitRules {
  principal: LimitRule
  address: LimitRule
  signIn: LimitRule
}

/** The rules that these settings ask for. */
export function limitRules(settings: SettingValues): LimitRules {
  const windowMs = settings.rateLimitWindowMs
  return {
    principal: { requestsMax: settings.rateLimitMax, windowMs },
    address: { requestsMax: settings.rateLimitAddressMax, windowMs },
    signIn: { requestsMax: settings.rateLimitSignInMax, windowMs },
  }
}

export interface LimitState {
  allowed: boolean
  limit: number
  remaining: number
  resetSeconds: number
}

/** Who is counted: a user by name, anybody else by their network. */
export type Caller = { userId: string } | { address: string }

export interface Limits {
  /** Counts one request; `null` when the route has no limit. */
  take(name: LimitName, caller: Caller): LimitState | null
}

/** More callers than this in one window push out the oldest: memory is bounded, and a flood only forgets itself. */
const callersMax = 100_000

/** Fixed windows in memory, per process. Sign-in has its own durable lockout beside this. */
export function createLimits(clock: Clock, rules: () => LimitRules): Limits {
  const windows = new LRUCache<string, { count: number; resetMs: number }>({ max: callersMax })
  return {
    take(name, caller) {
      if (name === 'none') return null
      const known = 'userId' in caller
      const rule = name === 'signIn' ? rules().signIn : known ? rules().principal : rules().address
      const key = `${name === 'signIn' ? 'signIn' : 'standard'}:${known ? caller.userId : clientNetwork(caller.address)}`
      const nowMs = clock.nowMs()
      let window = windows.get(key)
      if (window === undefined || window.resetMs <= nowMs) {
        window = { count: 0, resetMs: nowMs + rule.windowMs }
        windows.set(key, window)
      }
      window.count += 1
      return {
        allowed: window.count <= rule.requestsMax,
        limit: rule.requestsMax,
        remaining: Math.max(0, rule.requestsMax - window.count),
        resetSeconds: Math.ceil((window.resetMs - nowMs) / 1000),
      }
    },
  }
}
