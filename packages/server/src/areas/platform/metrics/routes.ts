import {
  getAdminMetrics,
  getLogSettingsV1,
  getMetrics,
  type LogSettingsV1,
  updateLogSettingsV1,
} from '@holdfast/contracts/platform/metrics'
import type { SettingsChange, SettingValues } from '@holdfast/contracts/platform/settings'
import { problem } from '@holdfast/contracts/problems'
import { type BoundRoute, handle } from '../../../http/handle.ts'
import type { Settings } from '../settings/service.ts'
import { isLocalScrape, mayScrape } from './rules.ts'
import type { Metrics } from './service.ts'

export function bindMetrics(
  metrics: Pick<Metrics, 'exposition' | 'adminReport'>,
  settings: Pick<Settings, 'current' | 'update'>,
  isBehindProxy: boolean,
): BoundRoute[] {
  return [
    handle(getMetrics, async ({ actor, ip }, _input, { headers }) => {
      if (!mayScrape(actor) && !isLocalScrape({ ip, headers, isBehindProxy }))
        throw problem(actor.kind === 'user' ? 'auth.forbidden' : 'auth.required')
      const { contentType, text } = await metrics.exposition()
      return { contentType, body: once(text) }
    }),
    handle(getAdminMetrics, async () => metrics.adminReport()),
    handle(getLogSettingsV1, async () => inV1(settings.current())),
    handle(updateLogSettingsV1, async (ctx, { body }) => inV1(await settings.update(ctx, fromV1(body)))),
  ]
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

function inV1(values: SettingValues): LogSettingsV1 {
  return {
    retention_days: values.logRetentionDays,
    gateway_retention_days: values.gatewayLogRetentionDays,
    audit_retention_days: values.auditRetentionDays,
    page_size: values.logsPerPage,
  }
}

function fromV1(change: { [K in keyof LogSettingsV1]?: number | undefined }): SettingsChange {
  return {
    logRetentionDays: change.retention_days,
    gatewayLogRetentionDays: change.gateway_retention_days,
    auditRetentionDays: change.audit_retention_days,
    logsPerPage: change.page_size,
  }
}
