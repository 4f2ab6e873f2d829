import { createHash } from 'node:crypto'
import { problem } from '@holdfast/contracts/problems'
import { clientNetwork } from '@holdfast/kernel/client-network'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import type { AttemptKind, LockoutRepo } from './repo.ts'

/**
 * Lockout: after so many failed attempts from one address or at one account, further ones are refused for a while,
 * whether right or wrong, on every replica.
 *
 * An attempt is counted before the secret is looked at and given back when it was right, so guesses made at the same
 * time cannot outrun the count; honest ones made at the same time wait for each other instead of being refused.
 * Accounts are counted by the name that was given, whether or not such a user exists: a lockout says nothing about that.
 */
export interface Lockout {
  /** Runs `check` unless locked; null from it is a failed attempt. Throws auth.locked. */
  guard<T>(ctx: Context, identifier: string, check: () => Promise<T | null>): Promise<T | null>
  /** The same for a secret that belongs to no account (the set-up code): counted by address. */
  guardShared<T>(ctx: Context, kind: AttemptKind, check: () => Promise<T | null>): Promise<T | null>
  /** The same for a second factor: five codes a minute for each of `subjects`, an account and a challenge. */
  guardCode<T>(subjects: readonly string[], check: () => Promise<T | null>): Promise<T | null>
  /** Which of these logins are locked. */
  lockedOf(ctx: Context, logins: readonly string[]): Promise<Set<string>>
  /** Lifts a lockout, because the account got a new password. */
  lift(ctx: Context, identifiers: readonly string[]): Promise<void>
  removeOver(): Promise<void>
}

export interface LockoutSettings {
  attemptsMax: number
  durationMs: number
}

/** Reference 004: five attempts at a second factor a minute. */
const codeLimit: LockoutSettings = { attemptsMax: 5, durationMs: 60_000 }

interface Needs {
  repo: LockoutRepo
  settings: () => LockoutSettings
  clock: Clock
}

export function createLockout({ repo, settings, clock }: Needs): Lockout {
  /** Attempts of this process that are being checked, by kind and subject; each settles when its check has. */
  const checking = new Map<string, Set<Promise<unknown>>>()

  async function take(kind: AttemptKind, subject: Buffer): Promise<void> {
    const { attemptsMax, durationMs } = kind === 'mfa' ? codeLimit : settings()
    while (!(await repo.take(kind, subject, { attemptsMax, windowMs: durationMs, at: clock.now() }))) {
      const others = checking.get(keyOf(kind, subject))
      if (others === undefined) throw await lockedProblem(kind, subject)
      await Promise.race(others)
    }
  }

  async function lockedProblem(kind: AttemptKind, subject: Buffer) {
    const endsAt = await repo.windowEnd(kind, subject)
    const remainingMs = endsAt === undefined ? 0 : Date.parse(endsAt) - clock.nowMs()
    const retryAfterSeconds = Math.max(1, Math.ceil(remainingMs / 1000))
    const minutes = Math.ceil(retryAfterSeconds / 60)
    return problem('auth.locked', {
      retryAfterSeconds,
      sentence: `Too many login attempts. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
    })
  }

  /** Takes an attempt, runs `check`, gives the attempt back unless it failed. */
  async function counted<T>(
    kind: AttemptKind,
    subject: Buffer,
    check: () => Promise<T | null>,
    succeeded: () => Promise<void>,
  ): Promise<T | null> {
    await take(kind, subject)
    const run = async () => {
      let result: T | null
      try {
        result = await check()
      } catch (error) {
        // A refusal inside, or a fault of ours: no guess was made at this one.
        await repo.giveBack({}, kind, subject)
        throw error
      }
      if (result !== null) await succeeded()
      return result
    }
    return track(keyOf(kind, subject), run())
  }

  function track<T>(key: string, work: Promise<T>): Promise<T> {
    const others = checking.get(key) ?? new Set()
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    checking.set(key, others.add(settled))
    return work.finally(() => {
      others.delete(settled)
      if (others.size === 0 && checking.get(key) === others) checking.delete(key)
    })
  }

  return {
    guard(ctx, identifier, check) {
      const address = addressOf(ctx)
      const account = subjectOf(identifier)
      const checkAccount = () => counted('account', account, check, () => repo.clear({}, 'account', account))
      return counted('address', address, checkAccount, () => repo.giveBack({}, 'address', address))
    },

    guardShared(ctx, kind, check) {
      const address = addressOf(ctx)
      return counted(kind, address, check, () => repo.clear({}, kind, address))
    },

    async guardCode<T>(subjects: readonly string[], check: () => Promise<T | null>) {
      let guarded = check
      for (const text of subjects) {
        const subject = subjectOf(`mfa ${text}`)
        const inner = guarded
        guarded = () => counted('mfa', subject, inner, () => repo.clear({}, 'mfa', subject))
      }
      return guarded()
    },

    async lockedOf(ctx, logins) {
      const bySubject = new Map(logins.map((login) => [subjectOf(login).toString('hex'), login]))
      const locked = await repo.listLocked(ctx, logins.map(subjectOf), settings().attemptsMax, clock.now())
      return new Set(locked.map((subject) => bySubject.get(subject.toString('hex')) ?? ''))
    },

    async lift(ctx, identifiers) {
      for (const identifier of identifiers) await repo.clear(ctx, 'account', subjectOf(identifier))
    },

    removeOver: () => repo.removeOver(clock.now()),
  }
}

function keyOf(kind: AttemptKind, subject: Buffer): string {
  return `${kind} ${subject.toString('base64')}`
}

function addressOf({ ip }: Context): Buffer {
  return subjectOf(clientNetwork(ip ?? 'unknown'))
}

/** Fixed in size whatever was typed, and no list of addresses and logins for whoever reads the table. */
function subjectOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
