import type { Clock } from '@holdfast/kernel/clock'
import { LRUCache } from 'lru-cache'
import type { Actor, Context, UserActor } from '../../../context.ts'
import type { Authenticate, Credential } from '../../../credential.ts'
import { effectivePermissions, isAdminGroup } from '../groups/rules.ts'
import type { Guesses } from './guesses.ts'
import type { SessionTokens } from '../sessions/tokens.ts'
import type { AccessRepo, LiveSession } from './repo.ts'
import { isApiToken, type TokenAccess } from './tokens.ts'

/**
 * Who a credential is, now. What the database says about a session is remembered for a second at most, and dropped at
 * once on every replica when a session, a user or a group changes: a revoked session is refused within that second even
 * while notifications do not arrive.
 */
export interface Access {
  /** Throws request.limited when too many credentials that are worth nothing came from the same address. */
  authenticate: Authenticate
  /** These tell every replica, when `ctx.tx` commits. */
  sessionEnded(ctx: Context, sessionId: string): Promise<void>
  userChanged(ctx: Context, userId: string): Promise<void>
  tokenChanged(ctx: Context, tokenId: string): Promise<void>
  everyoneChanged(ctx: Context): Promise<void>
  /** Listens to the other replicas; the answer stops. */
  start(onSigningKeys: () => void): Promise<() => Promise<void>>
}

const rememberedMs = 1_000
const sessionsMax = 20_000

interface Remembered {
  readMs: number
  session: Promise<LiveSession | undefined>
}

interface Needs {
  repo: AccessRepo
  tokens: Pick<SessionTokens, 'isVerified' | 'verify'>
  apiTokens: TokenAccess
  guesses: Guesses
  clock: Clock
}

export function createAccess({ repo, tokens, apiTokens, guesses, clock }: Needs): Access {
  const remembered = new LRUCache<string, Remembered>({ max: sessionsMax })

  function liveSession(sessionId: string): Promise<LiveSession | undefined> {
    const known = remembered.get(sessionId)
    if (known !== undefined && clock.nowMs() - known.readMs < rememberedMs) return known.session
    const session = repo.find({}, sessionId, clock.now())
    const entry = { readMs: clock.nowMs(), session }
    remembered.set(sessionId, entry)
    session.catch(() => {
      if (remembered.get(sessionId) === entry) remembered.delete(sessionId)
    })
    return session
  }

  /** Counts the look unless the credential is known, or turns out to be worth something. */
  async function lookAt<T>(isKnown: boolean, ip: string, look: () => Promise<T | null>): Promise<T | null> {
    if (isKnown) return look()
    const takeBack = guesses.begin(ip)
    try {
      const found = await look()
      if (found !== null) takeBack()
      return found
    } catch (error) {
      // Our own failure: nothing was guessed.
      takeBack()
      throw error
    }
  }

  async function authenticate(credential: Credential, { ip }: { ip: string }): Promise<Actor | null> {
    const { kind, token } = credential
    if (kind !== 'cookie' && isApiToken(token))
      return lookAt(apiTokens.isKnown(token), ip, () => apiTokens.authenticate(token, ip))
    if (kind === 'api_key') return null
    const claims = await lookAt(tokens.isVerified(token), ip, () => tokens.verify(token))
    // A cookie is only good as a cookie: as a bearer it would get past the CSRF check.
    if (claims === null || (claims.use === 'cookie') !== (kind === 'cookie')) return null
    let session = await liveSession(claims.sessionId)
    // The very next request after the change has to pass, before the notification of it arrives.
    if (session?.mustChangePassword) {
      remembered.delete(claims.sessionId)
      session = await liveSession(claims.sessionId)
    }
    if (session === undefined || session.userId !== claims.userId) return null
    if (Date.parse(session.expiresAt) <= clock.nowMs()) return null
    return actorOf(session, claims.sessionId, kind)
  }

  async function forgetUser(userId: string): Promise<void> {
    apiTokens.forgetUser(userId)
    for (const [sessionId, { session }] of remembered.entries()) {
      if ((await session.catch(() => undefined))?.userId === userId) remembered.delete(sessionId)
    }
  }

  async function heard(payload: string | null, onSigningKeys: () => void): Promise<void> {
    const [what, id = ''] = payload?.split(' ') ?? []
    if (what === 'session') remembered.delete(id)
    else if (what === 'user') await forgetUser(id)
    else if (what === 'token') apiTokens.forget(id)
    else {
      // Everyone, or null: notifications may have been missed.
      if (what !== 'signing-keys') {
        remembered.clear()
        apiTokens.forgetAll()
      }
      if (what !== 'everyone') onSigningKeys()
    }
  }

  return {
    authenticate,
    sessionEnded: (ctx, sessionId) => repo.notify(ctx, `session ${sessionId}`),
    userChanged: (ctx, userId) => repo.notify(ctx, `user ${userId}`),
    tokenChanged: (ctx, tokenId) => repo.notify(ctx, `token ${tokenId}`),
    everyoneChanged: (ctx) => repo.notify(ctx, 'everyone'),
    start: (onSigningKeys) => repo.listen((payload) => heard(payload, onSigningKeys)),
  }
}

function actorOf(session: LiveSession, sessionId: string, via: 'bearer' | 'cookie'): UserActor {
  return {
    kind: 'user',
    userId: session.userId,
    login: session.login,
    sessionId,
    via,
    groupIds: session.groups.map(({ id }) => id),
    permissions: effectivePermissions(session.groups),
    isAdmin: session.groups.some(({ id }) => isAdminGroup(id)),
    ...(session.mustChangePassword && { mustChangePassword: true as const }),
  }
}
