import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import { issueToken, tokenMatches, tokenPrefix } from '@holdfast/kernel/crypto/token'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Access } from '../access/service.ts'
import type { SessionsRepo } from './repo.ts'
import type { SessionTokens } from './tokens.ts'

/**
 * Sessions: one row per sign-in. The access token, the refresh token, the seven-day token and the cookie all name it,
 * and none is worth anything once it is revoked or over.
 *
 * Invariants: a refresh token works once, for as long as the setting says; when one comes a second time somebody else has it, and the session ends.
 * Events: session.created, session.ended.
 */
export interface Sessions {
  /** Opens a session in `ctx.tx`. The credentials are signed afterwards, by `credentials`. */
  open(ctx: Context, userId: string): Promise<OpenedSession>
  credentials(session: OpenedSession): Promise<SessionCredentials>
  /** Throws auth.refresh_invalid. */
  refresh(ctx: Context, refreshToken: string): Promise<RefreshedCredentials>
  /** Ends the session the caller has come with. */
  end(ctx: Context): Promise<void>
  /** Ends all sessions of a user in `ctx.tx`, or all but one. */
  endAllOf(ctx: Context, userId: string, reason: string, exceptSessionId?: string | null): Promise<void>
  /** When somebody signed in for this session. */
  startedAt(ctx: Pick<Context, 'tx'>, sessionId: string): Promise<string | null>
  /** Forgets sessions that have long been over. */
  removeEnded(): Promise<void>
}

export interface OpenedSession {
  sessionId: string
  userId: string
  refreshToken: string
}
export interface RefreshedCredentials {
  accessToken: string
  refreshToken: string
  /** Seconds until the access token ends. */
  expiresInSeconds: number
}
export interface SessionCredentials extends RefreshedCredentials {
  /** The bearer token of reference 002. */
  token: string
  cookie: string
  cookieMaxAgeSeconds: number
}

export interface SessionLifetimes {
  accessMs: number
  refreshMs: number
}

const tokenLifetimeMs = 7 * 24 * 3_600_000
/** A revoked session is kept so long that a late reuse of its tokens is still recognised. */
const keptAfterEndMs = 30 * 24 * 3_600_000

interface Needs {
  repo: SessionsRepo
  tokens: SessionTokens
  database: Pick<Database<Tables>, 'transaction'>
  access: Pick<Access, 'sessionEnded' | 'userChanged'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  lifetimes: () => SessionLifetimes
  clock: Clock
  ids: Ids
}

export function createSessions({
  repo,
  tokens,
  database,
  access,
  audit,
  events,
  lifetimes,
  clock,
  ids,
}: Needs): Sessions {
  const after = (durationMs: number) => new Date(clock.nowMs() + durationMs)

  async function accessToken(userId: string, sessionId: string) {
    const { accessMs } = lifetimes()
    const token = await tokens.issue({ userId, sessionId, use: 'access', lifetimeMs: accessMs })
    return { accessToken: token, expiresInSeconds: Math.floor(accessMs / 1000) }
  }

  async function end(
    ctx: Context,
    sessionId: string,
    userId: string,
    reason: string,
    action?: string,
  ): Promise<void> {
    await database.transaction(ctx, async (tx) => {
      await repo.revoke(tx, sessionId, reason, clock.now())
      await access.sessionEnded(tx, sessionId)
      await events.append(tx, { type: 'session.ended', data: { id: sessionId, userId, reason } })
      await audit.append(tx, {
        ...(action && { action }),
        target: { type: 'session', id: sessionId },
        details: { userId, reason },
      })
    })
  }

  return {
    async open(ctx, userId) {
      const sessionId = ids.uuid()
      const refresh = issueToken('hfr')
      // The session lasts as long as the longest of its credentials.
      const expiresAt = after(Math.max(lifetimes().refreshMs, tokenLifetimeMs))
      await repo.insert(ctx, { id: sessionId, userId, expiresAt }, clock.now())
      await repo.insertRefreshToken(ctx, sessionId, refresh, clock.now())
      await events.append(ctx, { type: 'session.created', data: { id: sessionId, userId } })
      return { sessionId, userId, refreshToken: refresh.token }
    },

    async credentials({ sessionId, userId, refreshToken }) {
      const [access, token, cookie] = await Promise.all([
        accessToken(userId, sessionId),
        tokens.issue({ userId, sessionId, use: 'token', lifetimeMs: tokenLifetimeMs }),
        tokens.issue({ userId, sessionId, use: 'cookie', lifetimeMs: tokenLifetimeMs }),
      ])
      return { ...access, refreshToken, token, cookie, cookieMaxAgeSeconds: tokenLifetimeMs / 1000 }
    },

    async refresh(ctx, refreshToken) {
      const prefix = tokenPrefix(refreshToken)
      const outcome = await database.transaction(ctx, async (tx) => {
        const row = await repo.findRefreshToken(tx, prefix)
        if (row === undefined || !tokenMatches(refreshToken, row.hash)) return { kind: 'unknown' as const }
        if (row.revokedAt !== null || Date.parse(row.expiresAt) <= clock.nowMs())
          return { kind: 'unknown' as const }
        if (row.usedAt !== null) return { kind: 'reused' as const, ...row }
        // The session may outlive it, because another of its credentials lasts longer.
        if (Date.parse(row.createdAt) + lifetimes().refreshMs <= clock.nowMs())
          return { kind: 'unknown' as const }
        const next = issueToken('hfr')
        await repo.useRefreshToken(tx, prefix, clock.now())
        await repo.insertRefreshToken(tx, row.sessionId, next, clock.now())
        await repo.extend(
          tx,
          row.sessionId,
          after(Math.max(lifetimes().refreshMs, Date.parse(row.expiresAt) - clock.nowMs())),
          clock.now(),
        )
        return { kind: 'rotated' as const, ...row, refreshToken: next.token }
      })
      if (outcome.kind === 'reused') {
        await end(ctx, outcome.sessionId, outcome.userId, 'refresh token reused', 'session.reuse_detected')
      }
      if (outcome.kind !== 'rotated') throw problem('auth.refresh_invalid')
      return { ...(await accessToken(outcome.userId, outcome.sessionId)), refreshToken: outcome.refreshToken }
    },

    async end(ctx) {
      const { actor } = ctx
      // An API token has no session behind it; its revocation is another route.
      if (actor.kind !== 'user' || actor.sessionId === null) throw problem('auth.required')
      await end(ctx, actor.sessionId, actor.userId, 'signed out')
    },

    async endAllOf(ctx, userId, reason, exceptSessionId = null) {
      await repo.revokeAllOf(ctx, userId, reason, clock.now(), exceptSessionId)
      await access.userChanged(ctx, userId)
    },

    startedAt: (ctx, sessionId) => repo.startedAt(ctx, sessionId),

    removeEnded: () => repo.removeEnded({}, new Date(clock.nowMs() - keptAfterEndMs)),
  }
}
