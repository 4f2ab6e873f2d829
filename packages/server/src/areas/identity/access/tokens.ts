import { BlockList, isIPv6 } from 'node:net'
import { isUnrestricted, permissionsOfScopes } from '@holdfast/contracts/identity/token-scopes'
import type { Clock } from '@holdfast/kernel/clock'
import { tokenMatches, tokenPrefix } from '@holdfast/kernel/crypto/token'
import { LRUCache } from 'lru-cache'
import type { UserActor } from '../../../context.ts'
import { effectivePermissions, isAdminGroup } from '../groups/rules.ts'
import type { LiveToken, TokenAccessRepo } from './repo.ts'

/**
 * Who an API token is, now: its owner, with the permissions that both have. Remembered as sessions are: for a second at
 * most, and dropped at once on every replica when the token, its owner or a group changes.
 */
export interface TokenAccess {
  /** Whether it was accepted a moment ago; costs nothing. */
  isKnown(token: string): boolean
  /** Null when it is worth nothing, or not from this address. */
  authenticate(token: string, ip: string): Promise<UserActor | null>
  forget(tokenId: string): void
  forgetUser(userId: string): void
  forgetAll(): void
}

/** Called for each accepted use; must be cheap. */
export type OnUse = (use: { tokenId: string; name: string; userId: string; ip: string }) => void

const rememberedMs = 1_000
const tokensMax = 20_000
/** Ours are under 50 characters: nothing longer is looked up. */
const tokenLengthMax = 100
const label = /^(dap|hft)_/

export function isApiToken(credential: string): boolean {
  return credential.length <= tokenLengthMax && label.test(credential)
}

interface Known {
  actor: UserActor
  name: string
  allows: ((ip: string) => boolean) | null
  endsMs: number
}

interface Remembered {
  readMs: number
  known: Promise<Known | null>
  /** Set once it is read. */
  tokenId?: string
  userId?: string
}

export function createTokenAccess({
  repo,
  clock,
  onUse,
}: {
  repo: TokenAccessRepo
  clock: Clock
  onUse: OnUse
}): TokenAccess {
  const remembered = new LRUCache<string, Remembered>({ max: tokensMax })

  async function read(token: string, entry: Remembered): Promise<Known | null> {
    const live = await repo.find(tokenPrefix(token))
    if (live === undefined || !tokenMatches(token, live.hash)) return null
    entry.tokenId = live.id
    entry.userId = live.userId
    return knownOf(live)
  }

  function lookUp(token: string): Promise<Known | null> {
    const before = remembered.get(token)
    if (before !== undefined && clock.nowMs() - before.readMs < rememberedMs) return before.known
    const entry: Remembered = { readMs: clock.nowMs(), known: Promise.resolve(null) }
    entry.known = read(token, entry)
    remembered.set(token, entry)
    const drop = () => {
      if (remembered.get(token) === entry) remembered.delete(token)
    }
    // What nobody has is not remembered: guesses must not push out real tokens.
    entry.known.then((known) => known === null && drop(), drop)
    return entry.known
  }

  /** Also drops what is being read: it may have been read before the change. */
  function forgetWhere(matches: (entry: Remembered) => boolean): void {
    for (const [token, entry] of remembered.entries()) {
      if (entry.tokenId === undefined || matches(entry)) remembered.delete(token)
    }
  }

  return {
    isKnown: (token) => remembered.get(token)?.tokenId !== undefined,

    async authenticate(token, ip) {
      const known = await lookUp(token)
      if (known === null || known.endsMs <= clock.nowMs()) return null
      if (known.allows !== null && !known.allows(ip)) return null
      const { actor, name } = known
      onUse({ tokenId: actor.token?.id ?? '', name, userId: actor.userId, ip })
      return actor
    },
    forget: (tokenId) => forgetWhere((entry) => entry.tokenId === tokenId),
    forgetUser: (userId) => forgetWhere((entry) => entry.userId === userId),
    forgetAll: () => remembered.clear(),
  }
}

function knownOf(live: LiveToken): Known {
  const unrestricted = isUnrestricted(live.scopes)
  const owners = effectivePermissions(live.groups)
  const own = permissionsOfScopes(live.scopes)
  const groupIds = live.groups.map(({ id }) => id)
  const ownerIsAdmin = groupIds.some(isAdminGroup)
  const actor: UserActor = {
    kind: 'user',
    userId: live.userId,
    login: live.login,
    sessionId: null,
    via: 'api_key',
    // A restricted token has no rank: what only administrators may do to other people is closed to it.
    groupIds: unrestricted ? groupIds : groupIds.filter((id) => !isAdminGroup(id)),
    permissions: unrestricted ? owners : new Set([...owners].filter((permission) => own.has(permission))),
    isAdmin: unrestricted && ownerIsAdmin,
    token: {
      id: live.id,
      scopes: live.scopes,
      ownerIsAdmin,
      expiresAt: live.expiresAt,
      allowedAddresses: live.allowedAddresses,
      ...(live.pluginId !== null && { pluginId: live.pluginId }),
    },
  }
  const ends = [live.expiresAt, live.secretUntil].map((at) =>
    at === null ? Number.POSITIVE_INFINITY : Date.parse(at),
  )
  return {
    actor,
    name: live.name,
    allows: live.allowedAddresses.length === 0 ? null : addressCheck(live.allowedAddresses),
    endsMs: Math.min(...ends),
  }
}

/** Whether an address lies in one of these addresses and ranges (RFC 4632, RFC 4291). */
function addressCheck(allowed: readonly string[]): (ip: string) => boolean {
  const list = new BlockList()
  for (const text of allowed) {
    const [address = '', length] = text.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (length === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(length), family)
  }
  return (ip) => list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}
