import { done, success } from '@holdfast/contracts/kit/answer'
import {
  checkPlugin,
  deletePlugin,
  disablePlugin,
  enablePlugin,
  getPlugin,
  getPluginConfig,
  listPlugins,
  registerPlugin,
  rotatePluginToken,
  sendHeartbeat,
  updatePlugin,
  updatePluginConfig,
} from '@holdfast/contracts/platform/plugins'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { PluginConfiguration } from './configuration.ts'
import type { Presence } from './presence.ts'
import type { Plugins } from './service.ts'

export function bindPlugins(
  plugins: Plugins,
  presence: Presence,
  configuration: PluginConfiguration,
): BoundRoute[] {
  return [
    handle(listPlugins, async (ctx) => {
      const all = await plugins.list(ctx)
      return success({ plugins: all, total: all.length })
    }),
    handle(registerPlugin, async (ctx, { body }) => {
      const { id, token, signingSecret } = await plugins.register(ctx, body)
      return success({ status: 'registered' as const, plugin_id: id, token, signing_secret: signingSecret })
    }),
    handle(getPlugin, async (ctx, { params }) => success(await plugins.get(ctx, params.id))),
    handle(updatePlugin, async (ctx, { params, body }) =>
      success(await plugins.update(ctx, params.id, body)),
    ),
    handle(deletePlugin, async (ctx, { params }) => {
      await plugins.remove(ctx, params.id)
      return done('Plugin removed')
    }),
    handle(enablePlugin, async (ctx, { params }) => success(await plugins.enable(ctx, params.id))),
    handle(disablePlugin, async (ctx, { params }) => success(await plugins.disable(ctx, params.id))),
    handle(rotatePluginToken, async (ctx, { params, body }) => {
      const token = await plugins.rotateToken(ctx, params.id, body.overlap_seconds * 1000)
      return success({ plugin_id: params.id, token })
    }),
    handle(checkPlugin, async (ctx, { params }) => success(await presence.check(ctx, params.id))),
    handle(sendHeartbeat, async (ctx, { params, body }) =>
      success(await presence.heartbeat(ctx, params.id, body)),
    ),
    handle(getPluginConfig, async (ctx, { params }) => success(await configuration.get(ctx, params.id))),
    handle(updatePluginConfig, async (ctx, { params, body }) =>
      success(await configuration.replace(ctx, params.id, body)),
    ),
  ]
}
