import { problem } from '@holdfast/contracts/problems'
import type { Clock } from '@holdfast/kernel/clock'
import { issueToken } from '@holdfast/kernel/crypto/token'
import type { Ids } from '@holdfast/kernel/id'
import type { Context } from '../../../context.ts'
import type { Access } from '../access/service.ts'
import type { TokensRepo } from './repo.ts'
import { mayMake } from './rules.ts'

/**
 * Tokens of plugins: API tokens that act for whoever issued them, with the scopes of the plugin's manifest. They end with
 * the plugin, and open nothing but heartbeats and the plugin's own configuration while it is disabled.
 */
export interface PluginTokens {
  /**
   * In the transaction of the plugin. Replaces the one before, whose secret works for `overlapMs` more: then it acts for
   * the new issuer too. Throws tokens.beyond_own_rights.
   */
  issue(
    ctx: Context,
    plugin: { id: string; name: string; scopes: readonly string[] },
    overlapMs?: number,
  ): Promise<string>
  /** Throws tokens.beyond_own_rights. Harmless when there is no token. */
  setScopes(ctx: Context, pluginId: string, scopes: readonly string[]): Promise<void>
  /** To be called in the transaction of whatever changes what the token is worth, such as removing the plugin. */
  changed(ctx: Context, pluginId: string): Promise<void>
}

interface Needs {
  repo: Pick<TokensRepo, 'findOfPlugin' | 'insert' | 'rotate' | 'setScopes'>
  access: Pick<Access, 'tokenChanged'>
  clock: Clock
  ids: Ids
}

const noLimits = { expiresAt: null, allowedAddresses: [] }

export function createPluginTokens({ repo, access, clock, ids }: Needs): PluginTokens {
  function refuseBeyond({ actor }: Context, scopes: readonly string[]): string {
    if (actor.kind !== 'user') throw problem('auth.required')
    if (!mayMake(actor, { scopes, ...noLimits })) throw problem('tokens.beyond_own_rights')
    return actor.userId
  }

  return {
    async issue(ctx, { id: pluginId, name, scopes }, overlapMs = 0) {
      const userId = refuseBeyond(ctx, scopes)
      const before = await repo.findOfPlugin(ctx, pluginId)
      const issued = issueToken('hft')
      if (before !== undefined) {
        const previousUntil = new Date(clock.nowMs() + overlapMs)
        const ofPlugin = { userId, scopes }
        await repo.rotate(ctx, before.id, { issued, expiresAt: null, previousUntil, ofPlugin }, clock.now())
        await access.tokenChanged(ctx, before.id)
        return issued.token
      }
      const token = { id: ids.uuid(), userId, pluginId, name: `Plugin ${name}`.slice(0, 100), scopes, issued }
      await repo.insert(ctx, { ...token, ...noLimits }, clock.now())
      return issued.token
    },

    async setScopes(ctx, pluginId, scopes) {
      const token = await repo.findOfPlugin(ctx, pluginId)
      if (token === undefined) return
      refuseBeyond(ctx, scopes)
      await repo.setScopes(ctx, token.id, scopes)
      await access.tokenChanged(ctx, token.id)
    },

    async changed(ctx, pluginId) {
      const token = await repo.findOfPlugin(ctx, pluginId)
      if (token !== undefined) await access.tokenChanged(ctx, token.id)
    },
  }
}
