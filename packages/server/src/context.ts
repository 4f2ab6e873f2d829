import type { Permission } from '@holdfast/contracts/permissions'
import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Who asks. `system` is the product itself: jobs, schedules, operator commands. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'system'; name: string }
  | {
      kind: 'user'
      userId: string
      login: string
      sessionId: string | null
      via: 'bearer' | 'cookie' | 'api_key'
      groupIds: readonly string[]
      permissions: ReadonlySet<Permission>
      /** Holds the Admin or Super Admin group. With a token, only when the token is unrestricted. */
      isAdmin: boolean
      /** Somebody else set the password: until it is changed, this person may do nothing else. */
      mustChangePassword?: true
      /** The API token that came, when `via` is `api_key`. `permissions` are then what it and its owner both allow. */
      token?: ActingToken
    }

/** An API token at work. */
export interface ActingToken {
  id: string
  scopes: readonly string[]
  /** Whether its owner is an administrator. */
  ownerIsAdmin: boolean
  /** RFC 3339, or null for never. */
  expiresAt: string | null
  allowedAddresses: readonly string[]
  /** The plugin that it was issued to. */
  pluginId?: string
}

export type UserActor = Extract<Actor, { kind: 'user' }>

/** First argument of every service function. Inside a transaction `tx` is set and everything uses it. */
export interface Context {
  actor: Actor
  /** The organization the request acts in, when it acts in one. */
  organizationId: string | null
  requestId: string
  signal: AbortSignal
  ip: string | null
  userAgent: string | null
  tx?: Transaction<Tables>
  /**
   * The action the route declares; `audit.append` uses it unless told otherwise, and counts itself here. A request that
   * only asked what a change would do (a dry run) sets `isDue` to false: then there must be no entry.
   */
  audit: { action: string | null; appended: number; isDue?: boolean }
}

/** A context for work that no request started. */
export function systemContext(name: string, signal: AbortSignal = new AbortController().signal): Context {
  return {
    actor: { kind: 'system', name },
    organizationId: null,
    requestId: `system-${name}`,
    signal,
    ip: null,
    userAgent: null,
    audit: { action: null, appended: 0 },
  }
}
