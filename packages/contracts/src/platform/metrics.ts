import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'
import { settingCatalogue } from './settings.ts'

export const getMetrics = route({
  id: 'metrics.get',
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics of this process in the text format of Prometheus',
  access: {
    public: 'A scraper on the same machine needs no credential; every other needs one that may read the log.',
  },
  limit: 'none',
  answers: { 200: stream('text/plain') },
  problems: ['auth.required', 'auth.forbidden'],
})

/** The figures that an administrator looks at first; the rest is in `/metrics`. */
export const AdminMetrics = z
  .object({
    timestamp: Timestamp,
    version: z.string(),
    uptime_seconds: z.number(),
    /** Of the process that answers, since it started. */
    requests: z.object({
      total: z.int(),
      client_errors: z.int(),
      server_errors: z.int(),
      average_ms: z.number().nullable(),
    }),
    process: z.object({
      cpu_seconds: z.number(),
      memory_bytes: z.int(),
      event_loop_lag_ms: z.number(),
    }),
    database: z.object({
      size_bytes: z.int(),
      connections_in_use: z.int(),
      connections_idle: z.int(),
      requests_waiting: z.int(),
    }),
    jobs: z.object({ waiting: z.int(), failed: z.int() }),
    events: z.object({ oldest_undelivered_seconds: z.number() }),
    activity: z.object({ buffered: z.int(), dropped: z.int() }),
    audit: z.object({ chains: z.int(), entries: z.int() }),
  })
  .meta({ id: 'AdminMetrics' })
export type AdminMetrics = z.output<typeof AdminMetrics>

export const getAdminMetrics = route({
  id: 'v1.admin.metrics',
  method: 'GET',
  path: '/v1/admin/metrics',
  summary: 'Get the figures of the platform',
  access: { admin: true },
  answers: { 200: AdminMetrics },
})

/** Log settings in the words of reference 004; each is a platform setting. */
const LogSettingsV1 = z
  .object({
    retention_days: settingCatalogue.logRetentionDays.schema,
    gateway_retention_days: settingCatalogue.gatewayLogRetentionDays.schema,
    audit_retention_days: settingCatalogue.auditRetentionDays.schema,
    page_size: settingCatalogue.logsPerPage.schema,
  })
  .meta({ id: 'LogSettingsV1' })
export type LogSettingsV1 = z.output<typeof LogSettingsV1>

export const getLogSettingsV1 = route({
  id: 'v1.admin.getLogSettings',
  method: 'GET',
  path: '/v1/admin/settings/logs',
  summary: 'Get how long logs are kept and how they are shown',
  access: { admin: true },
  answers: { 200: LogSettingsV1 },
})

export const updateLogSettingsV1 = route({
  id: 'v1.admin.updateLogSettings',
  method: 'PUT',
  path: '/v1/admin/settings/logs',
  summary: 'Change how long logs are kept and how they are shown; what is left out stays',
  access: { admin: true },
  audit: 'settings.updated',
  body: z.strictObject(LogSettingsV1.shape).partial(),
  answers: { 200: LogSettingsV1 },
})

export const metricsRoutes = [getMetrics, getAdminMetrics, getLogSettingsV1, updateLogSettingsV1] as const
