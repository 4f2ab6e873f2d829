import type { Clock } from '@holdfast/kernel/clock'
import { issueToken, tokenMatches, tokenPrefix } from '@holdfast/kernel/crypto/token'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { PasswordTokensRepo } from './tokens-repo.ts'

/** Tokens that set a password once: an hour for a reset, a week for an invitation. A new one ends those before it. */
export interface PasswordTokens {
  /** Both in `ctx.tx`. `mailedTo` is the address that the token is sent to, when it is sent by e-mail. */
  issue(
    ctx: Context,
    userId: string,
    purpose: 'reset' | 'invitation',
    mailedTo?: string | null,
  ): Promise<string>
  /** Answers whose password may be set, and ends all tokens of that user; null when the token is worth nothing. */
  use(ctx: Context, token: string): Promise<{ userId: string; mailedTo: string | null } | null>
  /** Ends all tokens of a user, because the password was set in another way. */
  endAllOf(ctx: Context, userId: string): Promise<void>
  removeOver(): Promise<void>
}

const lifetimesMs = { reset: 3_600_000, invitation: 7 * 24 * 3_600_000 }

export function createPasswordTokens({
  repo,
  clock,
  ids,
}: {
  repo: PasswordTokensRepo
  clock: Clock
  ids: Ids
}): PasswordTokens {
  return {
    async issue(ctx, userId, purpose, mailedTo = null) {
      const issued = issueToken(purpose === 'reset' ? 'hfp' : 'hfi')
      const expiresAt = new Date(clock.nowMs() + lifetimesMs[purpose])
      await repo.useAllOf(ctx, userId, clock.now())
      await repo.insert(ctx, { id: ids.uuid(), userId, purpose, mailedTo, issued, expiresAt }, clock.now())
      return issued.token
    },

    async use(ctx, token) {
      const row = await repo.findUsable(ctx, tokenPrefix(token), clock.now())
      if (row === undefined || !tokenMatches(token, row.hash)) return null
      await repo.useAllOf(ctx, row.userId, clock.now())
      return { userId: row.userId, mailedTo: row.mailedTo }
    },

    endAllOf: (ctx, userId) => repo.useAllOf(ctx, userId, clock.now()),
    removeOver: () => repo.removeOver(clock.now()),
  }
}
