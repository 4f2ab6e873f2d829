import { problem } from '@holdfast/contracts/problems'
import type { Database } from '@holdfast/database/database'
import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import { issueToken, tokenMatches, tokenPrefix } from '@holdfast/kernel/crypto/token'
import QRCode from 'qrcode'
import type { Context, UserActor } from '../../../context.ts'
import { sealedColumns } from '../../../sealing/columns.ts'
import type { Tables } from '../../../tables.ts'
import type { Events } from '../../../work/events/service.ts'
import type { AuditLog } from '../../platform/audit/service.ts'
import type { Lockout } from '../lockout/service.ts'
import type { PasswordChanges } from '../passwords/service.ts'
import type { Sessions } from '../sessions/service.ts'
import { withSession } from '../users/checks.ts'
import type { Users } from '../users/service.ts'
import { newRecoveryCodes, newSecret, otpauthUri, recoveryCodeHash, stepOf } from './codes.ts'
import type { MfaRepo } from './repo.ts'

/**
 * The second factor: a code of an authenticator app, or one of ten recovery codes, beside the password.
 *
 * States: none -> begun (a secret nobody has proved to have) -> on -> none. Invariants: the secret is sealed at rest; no
 * code and no recovery code works twice, also not for two who use it at the same time; five attempts a minute for each
 * account and each challenge; a challenge works once, for five minutes; only a session turns the factor on or off.
 * Events: mfa.enabled, mfa.disabled.
 */
export interface Mfa {
  status(ctx: Context): Promise<{ enabled: boolean; recoveryCodesLeft: number }>
  /** Throws mfa.already_enabled, auth.session_required. */
  enroll(ctx: Context): Promise<{ secret: string; uri: string; qrSvg: string }>
  /** Answers the recovery codes. Throws mfa.not_enrolled, mfa.already_enabled, mfa.code_wrong, auth.locked. */
  verify(ctx: Context, code: string): Promise<string[]>
  /** Throws mfa.not_enabled, mfa.code_wrong, mfa.password_required, auth.password_wrong, auth.locked. */
  disable(ctx: Context, code: string, password: string | undefined): Promise<void>
  /** Throws mfa.not_enabled, mfa.code_wrong, auth.locked. */
  renewRecoveryCodes(ctx: Context, code: string): Promise<string[]>
  /** For administrators. Throws users.not_found, users.beyond_own_rights, mfa.not_enabled. */
  reset(ctx: Context, userId: string): Promise<void>
  isEnabled(ctx: Pick<Context, 'tx'>, userId: string): Promise<boolean>
  /** A challenge for a user whose password was right, in `ctx.tx`. */
  challenge(ctx: Context, userId: string): Promise<string>
  /**
   * Runs `open` in a transaction with the user whose challenge and code these are, and ends the challenge with it.
   * Throws mfa.challenge_invalid, mfa.challenge_refused, auth.locked.
   */
  answer<T>(
    ctx: Context,
    challengeToken: string,
    code: string,
    open: (tx: Context, userId: string) => Promise<T>,
  ): Promise<T>
  removeOver(): Promise<void>
}

const challengeLifetimeMs = 5 * 60_000
/** Whoever signed in so recently need not give the password again. */
const freshMs = 10 * 60_000
const sealedFor = sealedColumns.secondFactor.purpose

interface Needs {
  repo: MfaRepo
  envelope: Pick<Envelope, 'seal' | 'open'>
  lockout: Pick<Lockout, 'guardCode'>
  passwordChanges: Pick<PasswordChanges, 'confirm'>
  sessions: Pick<Sessions, 'startedAt'>
  users: Pick<Users, 'findManageable'>
  issuer: () => string
  database: Pick<Database<Tables>, 'transaction'>
  audit: Pick<AuditLog, 'append'>
  events: Pick<Events, 'append'>
  clock: Clock
}

export function createMfa(needs: Needs): Mfa {
  const {
    repo,
    envelope,
    lockout,
    passwordChanges,
    sessions,
    users,
    issuer,
    database,
    audit,
    events,
    clock,
  } = needs

  /** Whether the code is one of this user's that was never used; uses it up in `ctx.tx`. */
  async function useCode(ctx: Context, userId: string, code: string): Promise<boolean> {
    const factor = await repo.findForUpdate(ctx, userId)
    if (factor === undefined) return false
    const step = stepOf(envelope.open(factor.secretSealed, sealedFor), code, clock.nowMs())
    if (step !== null) {
      if (step <= factor.lastUsedStep) return false
      await repo.useStep(ctx, userId, step)
      return true
    }
    if (factor.enabledAt === null) return false
    return repo.useRecoveryCode(ctx, userId, recoveryCodeHash(code), clock.now())
  }

  /** Counts the attempt, then does `work` in one transaction with the use of the code. Throws mfa.code_wrong. */
  async function withCode<T>(
    actor: UserActor,
    ctx: Context,
    code: string,
    work: (tx: Context) => Promise<T>,
  ) {
    const result = await lockout.guardCode([actor.userId], () =>
      database.transaction(ctx, async (tx) =>
        (await useCode(tx, actor.userId, code)) ? { value: await work(tx) } : null,
      ),
    )
    if (result === null) throw problem('mfa.code_wrong')
    return result.value
  }

  async function giveRecoveryCodes(ctx: Context, userId: string): Promise<string[]> {
    const codes = newRecoveryCodes()
    await repo.replaceRecoveryCodes(ctx, userId, codes.map(recoveryCodeHash))
    return codes
  }

  async function end(ctx: Context, userId: string): Promise<void> {
    await repo.remove(ctx, userId)
    await events.append(ctx, { type: 'mfa.disabled', data: { userId } })
    await audit.append(ctx, { target: { type: 'user', id: userId } })
  }

  async function checkPassword(ctx: Context, actor: UserActor, password: string | undefined): Promise<void> {
    if (password !== undefined) return passwordChanges.confirm(ctx, password)
    const startedAt = actor.sessionId === null ? null : await sessions.startedAt(ctx, actor.sessionId)
    const isFresh = startedAt !== null && clock.nowMs() - Date.parse(startedAt) < freshMs
    if (!isFresh) throw problem('mfa.password_required')
  }

  const isEnabled = async (ctx: Pick<Context, 'tx'>, userId: string) => {
    const factor = await repo.find(ctx, userId)
    return factor !== undefined && factor.enabledAt !== null
  }

  return {
    isEnabled,

    async status(ctx) {
      const { actor } = ctx
      if (actor.kind !== 'user') throw problem('auth.required')
      if (!(await isEnabled(ctx, actor.userId))) return { enabled: false, recoveryCodesLeft: 0 }
      return { enabled: true, recoveryCodesLeft: await repo.countRecoveryCodes(ctx, actor.userId) }
    },

    async enroll(ctx) {
      const actor = withSession(ctx)
      const secret = newSecret()
      const uri = otpauthUri(secret, issuer(), actor.login)
      await database.transaction(ctx, async (tx) => {
        const sealed = envelope.seal(secret, sealedFor)
        if (!(await repo.begin(tx, actor.userId, sealed, clock.now()))) throw problem('mfa.already_enabled')
        await audit.append(tx, { target: { type: 'user', id: actor.userId } })
      })
      const qrSvg = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
      return { secret, uri, qrSvg }
    },

    async verify(ctx, code) {
      const actor = withSession(ctx)
      const factor = await repo.find(ctx, actor.userId)
      if (factor === undefined) throw problem('mfa.not_enrolled')
      if (factor.enabledAt !== null) throw problem('mfa.already_enabled')
      return withCode(actor, ctx, code, async (tx) => {
        await repo.enable(tx, actor.userId, clock.now())
        const codes = await giveRecoveryCodes(tx, actor.userId)
        await events.append(tx, { type: 'mfa.enabled', data: { userId: actor.userId } })
        await audit.append(tx, { target: { type: 'user', id: actor.userId } })
        return codes
      })
    },

    async disable(ctx, code, password) {
      const actor = withSession(ctx)
      if (!(await isEnabled(ctx, actor.userId))) throw problem('mfa.not_enabled')
      await checkPassword(ctx, actor, password)
      await withCode(actor, ctx, code, (tx) => end(tx, actor.userId))
    },

    async renewRecoveryCodes(ctx, code) {
      const actor = withSession(ctx)
      if (!(await isEnabled(ctx, actor.userId))) throw problem('mfa.not_enabled')
      return withCode(actor, ctx, code, async (tx) => {
        const codes = await giveRecoveryCodes(tx, actor.userId)
        await events.append(tx, { type: 'mfa.recovery_codes_renewed', data: { userId: actor.userId } })
        await audit.append(tx, { target: { type: 'user', id: actor.userId } })
        return codes
      })
    },

    reset: (ctx, userId) =>
      database.transaction(ctx, async (tx) => {
        await users.findManageable(tx, userId)
        if ((await repo.findForUpdate(tx, userId)) === undefined) throw problem('mfa.not_enabled')
        await end(tx, userId)
      }),

    async challenge(ctx, userId) {
      const issued = issueToken('hfc')
      const expiresAt = new Date(clock.nowMs() + challengeLifetimeMs)
      await repo.insertChallenge(ctx, userId, issued, clock.now(), expiresAt)
      return issued.token
    },

    async answer(ctx, challengeToken, code, open) {
      const prefix = tokenPrefix(challengeToken)
      const challenge = await repo.findChallenge(ctx, prefix)
      const isOurs = challenge !== undefined && tokenMatches(challengeToken, challenge.hash)
      if (!isOurs || challenge.usedAt !== null || Date.parse(challenge.expiresAt) <= clock.nowMs())
        throw problem('mfa.challenge_invalid')
      const { userId } = challenge
      const result = await lockout.guardCode([userId, prefix], () =>
        database.transaction(ctx, async (tx) => {
          if (!(await useCode(tx, userId, code))) return null
          if (!(await repo.useChallenge(tx, prefix, clock.now()))) throw problem('mfa.challenge_invalid')
          return { value: await open(tx, userId) }
        }),
      )
      if (result === null) throw problem('mfa.challenge_refused')
      return result.value
    },

    removeOver: () => repo.removeOver(clock.now()),
  }
}
