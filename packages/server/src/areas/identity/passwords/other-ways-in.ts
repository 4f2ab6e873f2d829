import type { Context } from '../../../context.ts'
import type { Events } from '../../../work/events/service.ts'
import type { Access } from '../access/service.ts'
import type { IdentitiesRepo } from '../oauth/repo.ts'
import type { TokensRepo } from '../tokens/repo.ts'

interface Needs {
  identities: Pick<IdentitiesRepo, 'removeAllOf'>
  tokens: Pick<TokensRepo, 'removeAllOf'>
  access: Pick<Access, 'userChanged'>
  events: Pick<Events, 'append'>
}

/**
 * Ends every way into an account besides its password, in `ctx.tx`: linked accounts and API tokens. For the moment in
 * which somebody shows for the first time that its address is theirs: whoever had the account until then may have left
 * them there. The tokens of plugins stay; only administrators have them. Events: identity.unlinked, token.revoked.
 */
export function createOtherWaysIn({ identities, tokens, access, events }: Needs) {
  return async (ctx: Context, userId: string): Promise<void> => {
    const unlinked = await identities.removeAllOf(ctx, userId)
    const revoked = await tokens.removeAllOf(ctx, userId)
    await access.userChanged(ctx, userId)
    for (const id of unlinked) await events.append(ctx, { type: 'identity.unlinked', data: { id, userId } })
    for (const { id, name } of revoked)
      await events.append(ctx, { type: 'token.revoked', data: { id, name, userId } })
  }
}
