import { type DashboardStats, dashboardDays, type SystemReport } from '@holdfast/contracts/platform/dashboard'
import type { Clock } from '@holdfast/kernel/clock'
import type { Context } from '../../../context.ts'
import { daysFrom } from '../../../day-partitions/rules.ts'
import { productVersion } from '../../../version.ts'
import type { Activity } from '../activity/service.ts'
import type { Settings } from '../settings/service.ts'
import { readMachine } from './machine.ts'
import { chartsOf, outcomesOf } from './rules.ts'
import type { DashboardSources } from './sources.ts'

/**
 * The dashboard: the last seven days in numbers, and the machine.
 *
 * Invariant: no number is found by reading what happened. The log counts while it is written, the other modules keep
 * counters of their own, so that ten million rows cost what ten thousand do.
 */
export interface Dashboard {
  stats(ctx: Context): Promise<DashboardStats>
  system(ctx: Context): Promise<SystemReport>
}

interface Needs {
  activity: Pick<Activity, 'trends'>
  settings: Pick<Settings, 'current'>
  sources: DashboardSources
  clock: Clock
  /** Where data is kept. */
  directory: string
  environment: string
}

const dayMs = 86_400_000
/** A list of what needs attention is for looking at, not for reading through. */
const attentionMax = 20

export function createDashboard(needs: Needs): Dashboard {
  const { activity, settings, sources, clock, directory, environment } = needs

  return {
    async stats(ctx) {
      const days = daysFrom(new Date(clock.nowMs() - (dashboardDays - 1) * dayMs), dashboardDays)
      const [first = ''] = days
      // One after the other on few connections: none of them takes long, and a dashboard should not crowd out requests.
      const [{ days: counts, activeUsers }, users, groups] = await Promise.all([
        activity.trends(ctx, first),
        sources.countUsers(ctx),
        sources.countEndpointGroups(ctx),
      ])
      const [cronJobs, cronDays] = await Promise.all([sources.cronJobs(ctx), sources.cronDays(ctx, first)])
      const [webhooks, webhookDays] = await Promise.all([
        sources.webhooks(ctx),
        sources.webhookDays(ctx, first),
      ])
      const [apiKeys, unused] = await Promise.all([
        sources.countApiKeys(ctx),
        sources.unusedApiKeys(ctx, attentionMax),
      ])
      return {
        users,
        endpoints: sources.countEndpoints(),
        groups,
        activeUsers,
        ...chartsOf(days, counts),
        cronJobs: cronJobs.length,
        cronJobsEnabled: cronJobs.filter(({ enabled }) => enabled).length,
        webhooks: webhooks.length,
        webhooksEnabled: webhooks.filter(({ enabled }) => enabled).length,
        apiKeys,
        mcpTools: sources.countMcpTools(ctx),
        webhooksOverTime: outcomesOf(days, webhookDays),
        cronRunsOverTime: outcomesOf(days, cronDays),
        automationHealth: {
          cronErrors: cronJobs
            .filter(({ lastRunStatus }) => lastRunStatus === 'error')
            .slice(0, attentionMax)
            .map(({ id, name, lastRunMessage }) => ({ id, name, message: lastRunMessage ?? '' })),
          // Who may look at the dashboard may not manage webhooks: any part of an address but its origin may be a secret.
          webhookErrors: webhooks
            .filter(({ lastStatus }) => lastStatus === 'error')
            .slice(0, attentionMax)
            .map(({ id, name, url }) => ({ id, name, url: new URL(url).origin })),
          unusedApiKeys: unused.map(({ id, name, prefix }) => ({ id, name, keyPrefix: prefix })),
        },
      }
    },

    async system(ctx) {
      const [machine, cronJobs] = await Promise.all([readMachine(directory), sources.cronJobs(ctx)])
      return {
        ...machine,
        appVersion: productVersion,
        appName: settings.current().appName,
        environment,
        timestamp: clock.now().toISOString(),
        cronJobsActive: cronJobs.filter(({ enabled }) => enabled).length,
        cronJobsTotal: cronJobs.length,
      }
    },
  }
}
