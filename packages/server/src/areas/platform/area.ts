import { dataDirectoryOf } from '../../start/open-database.ts'
import type { Kit } from '../../kit.ts'
import type { composeWork } from '../../work/compose.ts'
import type { Area } from '../area.ts'
import { bindActivity } from './activity/routes.ts'
import { composeAudit } from './audit/compose.ts'
import { createHealthRepo } from './health/repo.ts'
import { bindHealth } from './health/routes.ts'
import { createHealth } from './health/service.ts'
import { createNotificationsRepo } from './notifications/repo.ts'
import { bindNotifications } from './notifications/routes.ts'
import { createNotifications } from './notifications/service.ts'
import { bindOpenApi, type DescribeApi } from './openapi/routes.ts'
import { bindOperations } from './operations/routes.ts'
import { bindSettings } from './settings/routes.ts'
import { upkeepJob, upkeepSchedule } from './upkeep.ts'
import { createWebhookModule } from './webhooks/module.ts'

type Work = Pick<ReturnType<typeof composeWork>, 'eventUpkeep' | 'jobCounts' | 'operationsRepo'>

/** Platform: what the product says about itself, and what it keeps of what happened. */
export function composePlatform(kit: Kit, work: Work, describeApi: DescribeApi) {
  const health = createHealth({
    repo: createHealthRepo(kit.database),
    jobs: work.jobCounts,
    events: work.eventUpkeep,
    activity: kit.activity,
    directory: dataDirectoryOf(kit.config),
    clock: kit.clock,
  })
  const audit = composeAudit(kit)
  const notifications = createNotifications({ ...kit, repo: createNotificationsRepo(kit.database) })
  const webhooks = createWebhookModule(kit, notifications)
  const area: Area = {
    routes: [
      ...bindHealth(health),
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
    operations: [...(audit.area.operations ?? [])],
    consumers: webhooks.consumers,
    parts: webhooks.parts,
  }
  return { area, activity: kit.activity, health, audit, notifications, webhooks }
}
