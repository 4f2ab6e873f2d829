import { dataDirectoryOf } from '../../start/open-database.ts'
import type { Kit } from '../../kit.ts'
import type { composeWork } from '../../work/compose.ts'
import type { Area } from '../area.ts'
import { bindActivity } from './activity/routes.ts'
import { createAuditRepo } from './audit/repo.ts'
import { composeAudit } from './audit/compose.ts'
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
import { createSettingsRepo } from './settings/repo.ts'
import { bindSettings } from './settings/routes.ts'
import { settingsInForce } from './settings/rules.ts'
import { upkeepJob, upkeepSchedule } from './upkeep.ts'
import { createWebhookModule } from './webhooks/module.ts'

type Work = Pick<ReturnType<typeof composeWork>, 'eventUpkeep' | 'jobCounts' | 'operationsRepo'>

/** Platform: what the product says about itself, and what it keeps of what happened. */
export function composePlatform(kit: Kit, work: Work, describeApi: DescribeApi, restart?: () => void) {
  const health = createHealth({
    repo: createHealthRepo(kit.database),
    jobs: work.jobCounts,
    events: work.eventUpkeep,
    activity: kit.activity,
    directory: dataDirectoryOf(kit.config),
    clock: kit.clock,
  })
  const metrics = createMetrics({
    ...kit,
    repo: createMetricsRepo(kit.database),
    jobs: work.jobCounts,
    events: work.eventUpkeep,
    audit: createAuditRepo(kit.database),
  })
  // With either of these set, a reverse proxy stands in front, and everybody comes from this machine.
  const { HOLDFAST_PUBLIC_URL: publicUrl, HOLDFAST_TRUSTED_PROXIES: proxies } = kit.config
  const isBehindProxy = publicUrl !== undefined || proxies > 0
  const audit = composeAudit(kit)
  const notifications = createNotifications({ ...kit, repo: createNotificationsRepo(kit.database) })
  const webhooks = createWebhookModule(kit, notifications)
  const settingsRepo = createSettingsRepo(kit.database)
  const backup = composeBackup(kit, {
    notifications,
    readSettings: async (ctx) => settingsInForce(await settingsRepo.readAll(ctx)).values,
    restart,
  })
  const area: Area = {
    routes: [
      ...bindHealth(health),
      ...backup.area.routes,
      ...bindMetrics(metrics, kit.settings, isBehindProxy),
      ...bindOpenApi(describeApi),
      ...bindSettings(kit.settings, kit.activity),
      ...audit.area.routes,
      ...bindActivity(kit.activity, () => kit.settings.current().logsPerPage),
      ...bindOperations(kit.operations),
      ...webhooks.routes,
      ...bindNotifications(notifications),
    ],
    jobs: [
      ...(audit.area.jobs ?? []),
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
    schedules: [upkeepSchedule, ...(audit.area.schedules ?? [])],
    operations: [...(audit.area.operations ?? []), ...(backup.area.operations ?? [])],
    consumers: webhooks.consumers,
    parts: [metrics.part, ...webhooks.parts, ...(backup.area.parts ?? [])],
  }
  return { area, health, metrics, audit, backup, notifications, webhooks }
}
