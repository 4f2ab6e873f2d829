import type { Context } from '../../../context.ts'
import type { Events } from '../../../work/events/service.ts'
import type { Access } from '../access/service.ts'

interface Needs {
  /** Removes the linked accounts of a user and answers their ids. */
  removeIdentities: (ctx: Context, userId: string) => Promise<string[]>
  /** Removes the API tokens of a user, but those of plugins, and answers which they were. */
  removeTokens: (ctx: Context, userId: string) => Promise<{ id: string; name: string }[]>
  access: Pick<Access, 'userChanged'>
  events: Pick<Events, 'append'>
}

/**
 * Ends every way into an account besides its password, in `ctx.tx`: linked accounts and API tokens. For the moment in
 * which somebody shows for the first time that its address is theirs: whoever had the account until then may have left
 * them there. The tokens of plugins stay; only administrators have them. Events: identity.unlinked, token.revoked.
 */
export function createOtherWaysIn({ removeIdentities, removeTokens, access, events }: Needs) {
  return async (ctx: Context, userId: string): Promise<void> => {
    const unlinked = await removeIdentities(ctx, userId)
    const revoked = await removeTokens(ctx, userId)
    await access.userChanged(ctx, userId)
    for (const id of unlinked) await events.append(ctx, { type: 'identity.unlinked', data: { id, userId } })
    for (const { id, name } of revoked)
      await events.append(ctx, { type: 'token.revoked', data: { id, name, userId } })
  }
}
