import type { Part } from '@holdfast/kernel/lifecycle'
import type { BoundRoute } from '../../../http/handle.ts'
import type { Kit } from '../../../kit.ts'
import type { JobHandler } from '../../../work/jobs/service.ts'
import type { Schedule } from '../../../work/schedules/service.ts'
import type { PluginTokens } from '../../identity/tokens/plugin-tokens.ts'
import type { Notifications } from '../notifications/service.ts'
import type { PluginWebhooks } from '../webhooks/plugin-webhooks.ts'
import { createPluginConfiguration } from './configuration.ts'
import { createRecordHooks, type RecordHooks } from './hooks/record-hooks.ts'
import { createPresence } from './presence.ts'
import { createPluginsRepo } from './repo.ts'
import { bindPlugins } from './routes.ts'
import { createPlugins, type Plugins } from './service.ts'

export interface PluginModule {
  plugins: Plugins
  /** For the record runtime. */
  hooks: RecordHooks
  routes: BoundRoute[]
  jobs: JobHandler[]
  schedules: Schedule[]
  parts: Part[]
}

interface Needs {
  tokens: PluginTokens
  webhooks: PluginWebhooks
  notifications: Pick<Notifications, 'add'>
}

/** Plugins, composed: management, presence, configuration, and their hooks on records. */
export function createPluginModule(kit: Kit, needs: Needs): PluginModule {
  const repo = createPluginsRepo(kit.database)
  const plugins = createPlugins({ ...kit, ...needs, repo })
  const presence = createPresence({ ...kit, ...needs, repo, plugins })
  const hooks = createRecordHooks({ ...kit, ...needs, repo, subscribe: kit.events.subscribe })
  return {
    plugins,
    hooks,
    routes: bindPlugins(plugins, presence, createPluginConfiguration({ ...kit, repo })),
    jobs: [presence.job],
    schedules: [presence.schedule],
    parts: [hooks.part],
  }
}
