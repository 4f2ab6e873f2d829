import { dataDirectoryOf } from '../../start/open-database.ts'
import { serverSettings } from '../../config.ts'
import type { Kit } from '../../kit.ts'
import type { composeWork } from '../../work/compose.ts'
import type { Area } from '../area.ts'
import type { PluginTokens } from '../identity/tokens/plugin-tokens.ts'
import { bindActivity } from './activity/routes.ts'
import { createAuditRepo } from './audit/repo.ts'
import { composeAudit } from './audit/compose.ts'
import { createVerdictsRepo } from './audit/verification/repo.ts'
import { bindConfiguration } from './config/routes.ts'
import { environmentKeys } from './config/rules.ts'
import { createConfiguration } from './config/service.ts'
import { composeBackup } from './backup/compose.ts'
import { createHealthRepo } from './health/repo.ts'
import { bindHealth } from './health/routes.ts'
import { createHealth } from './health/service.ts'
import { createMetricsRepo } from './metrics/repo.ts'
import { bindMetrics } from './metrics/routes.ts'
import { createMetrics } from './metrics/service.ts'
import { createNotificationsRepo } from './notifications/repo.ts'
import { bindNotifications } from './notifications/routes.ts'
import { createNotifications } from './notifications/service.ts'
import { bindOpenApi, type DescribeApi } from './openapi/routes.ts'
import { bindOperations } from './operations/routes.ts'
import { createPluginModule } from './plugins/module.ts'
import type { SettingsRepo } from './settings/repo.ts'
import { bindSettings } from './settings/routes.ts'
import { readableValues, settingsInForce } from './settings/rules.ts'
import type { Settings } from './settings/service.ts'
import { upkeepJob, upkeepSchedule } from './upkeep.ts'
import { createWebhookModule } from './webhooks/module.ts'

type Work = Pick<ReturnType<typeof composeWork>, 'eventUpkeep' | 'jobCounts' | 'operationsRepo'>

export interface PlatformNeeds {
  settings: Settings
  settingsRepo: SettingsRepo
  pluginTokens: PluginTokens
  describeApi: DescribeApi
  /** Starts the server again after a restore. */
  restart?: (() => void) | undefined
}

/** Platform: what the product says about itself, and what it keeps of what happened. */
export function composePlatform(kit: Kit, work: Work, needs: PlatformNeeds) {
  const configuration = createConfiguration({
    ...kit,
    settings: needs.settings,
    repo: needs.settingsRepo,
    environment: environmentKeys(serverSettings, kit.config),
  })
  const verdicts = createVerdictsRepo(kit.database)
  const health = createHealth({
    repo: createHealthRepo(kit.database),
    jobs: work.jobCounts,
    events: work.eventUpkeep,
    activity: kit.activity,
    audit: verdicts,
    directory: dataDirectoryOf(kit.config),
    clock: kit.clock,
  })
  const metrics = createMetrics({
    ...kit,
    repo: createMetricsRepo(kit.database),
    jobs: work.jobCounts,
    events: work.eventUpkeep,
    audit: { ...createAuditRepo(kit.database), ...verdicts },
  })
  // With either of these set, a reverse proxy stands in front, and everybody comes from this machine.
  const { HOLDFAST_PUBLIC_URL: publicUrl, HOLDFAST_TRUSTED_PROXIES: proxies } = kit.config
  const isBehindProxy = publicUrl !== undefined || proxies > 0
  const notifications = createNotifications({ ...kit, repo: createNotificationsRepo(kit.database) })
  const audit = composeAudit(kit, notifications)
  const webhooks = createWebhookModule(kit, notifications)
  const plugins = createPluginModule(kit, {
    tokens: needs.pluginTokens,
    webhooks: webhooks.ofPlugins,
    notifications,
  })
  const backup = composeBackup(kit, {
    notifications,
    readSettings: async (ctx) =>
      settingsInForce(readableValues(await needs.settingsRepo.readAll(ctx)), needs.settings.overrides).values,
    restart: needs.restart,
  })
  const area: Area = {
    routes: [
      ...bindHealth(health),
      ...backup.area.routes,
      ...bindMetrics(metrics, kit.settings, isBehindProxy),
      ...bindOpenApi(needs.describeApi),
      ...bindSettings(kit.settings, kit.activity),
      ...bindConfiguration(configuration),
      ...audit.area.routes,
      ...bindActivity(kit.activity, () => kit.settings.current().logsPerPage),
      ...bindOperations(kit.operations),
      ...webhooks.routes,
      ...bindNotifications(notifications),
      ...plugins.routes,
    ],
    jobs: [
      ...(audit.area.jobs ?? []),
      ...plugins.jobs,
      ...(backup.area.jobs ?? []),
      upkeepJob({
        activity: kit.activity,
        events: work.eventUpkeep,
        operations: work.operationsRepo,
        webhooks,
        notifications,
        clock: kit.clock,
      }),
    ],
    schedules: [upkeepSchedule, ...plugins.schedules, ...(audit.area.schedules ?? [])],
    operations: [...(audit.area.operations ?? []), ...(backup.area.operations ?? [])],
    consumers: webhooks.consumers,
    parts: [metrics.part, ...webhooks.parts, ...plugins.parts, ...(backup.area.parts ?? [])],
  }
  return { area, activity: kit.activity, health, metrics, audit, backup, notifications, webhooks, plugins }
}
