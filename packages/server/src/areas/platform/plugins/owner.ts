import { getPluginConfig } from '@holdfast/contracts/platform/plugins'
import { problem } from '@holdfast/contracts/problems'
import type { Context } from '../../../context.ts'
import { actsAsAdmin } from '../../../rights.ts'

/** The plugin whose token came, or undefined. */
export function actingPlugin({ actor }: Context): string | undefined {
  return actor.kind === 'user' ? actor.token?.pluginId : undefined
}

/** Throws plugins.token_required unless a plugin acts, plugins.not_found unless it is this one. */
export function refuseOthers(ctx: Context, id: string): void {
  const acting = actingPlugin(ctx)
  if (acting === undefined) throw problem('plugins.token_required')
  if (acting !== id) throw problem('plugins.not_found')
}

/** Whether somebody may read the configuration of every plugin, as administrators may. */
export function readsAllPlugins({ actor }: Context): boolean {
  return actor.kind === 'user' && actsAsAdmin(actor, { ...getPluginConfig, access: { admin: true } })
}
