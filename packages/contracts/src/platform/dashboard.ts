import { z } from 'zod'
import { ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

/** The ways that traffic comes in; `system` is not traffic. */
export const trafficSources = ['direct', 'mcp', 'cron', 'api_key'] as const
export type TrafficSource = (typeof trafficSources)[number]

/** How many days the charts show, today (UTC) included. */
export const dashboardDays = 7

const date = z.iso.date().describe('A day in UTC.')
const Series = z.array(z.object({ date, count: z.int() })).length(dashboardDays)
const Outcomes = z.array(z.object({ date, success: z.int(), error: z.int() })).length(dashboardDays)
const Traffic = z.object({ direct: z.int(), mcp: z.int(), cron: z.int(), api_key: z.int() })
const Named = z.object({ id: Id, name: z.string() })

export const DashboardStats = z
  .object({
    users: z.int(),
    /** Without the product's own. */
    endpoints: z.int(),
    /** Groups of endpoints. */
    groups: z.int(),
    requests: z.int().describe('Calls of endpoints in the last seven days.'),
    errors: z.int().describe('Those of them that failed.'),
    activeUsers: z.int().describe('Users with activity in the last seven days.'),
    cronJobs: z.int(),
    cronJobsEnabled: z.int(),
    webhooks: z.int(),
    webhooksEnabled: z.int(),
    apiKeys: z.int(),
    mcpTools: z.int().describe('Tools that the MCP server offers you.'),
    requestsOverTime: Series,
    errorsOverTime: Series,
    loginsOverTime: Series,
    webhooksOverTime: Outcomes,
    cronRunsOverTime: Outcomes,
    trafficBySource: Traffic,
    trafficBySourceOverTime: z.array(Traffic.extend({ date })).length(dashboardDays),
    automationHealth: z.object({
      cronErrors: z.array(Named.extend({ message: z.string() })),
      webhookErrors: z.array(Named.extend({ url: z.string() })),
      unusedApiKeys: z.array(Named.extend({ keyPrefix: z.string() })),
    }),
  })
  .meta({ id: 'DashboardStats' })
export type DashboardStats = z.output<typeof DashboardStats>

const bytes = z.int().describe('Bytes.')

export const SystemReport = z
  .object({
    hostname: z.string(),
    platform: z.string(),
    osType: z.string(),
    osRelease: z.string(),
    osVersion: z.string(),
    architecture: z.string(),
    cpuModel: z.string(),
    cpuCores: z.int(),
    cpuSpeed: z.int().describe('MHz; 0 where the system does not say.'),
    totalMemory: bytes,
    freeMemory: bytes,
    usedMemory: bytes,
    memoryUsagePercent: z.number(),
    uptime: z.number().describe('Seconds since the machine started.'),
    nodeVersion: z.string(),
    appVersion: z.string(),
    appName: z.string(),
    environment: z.string(),
    disk: z.object({
      total: bytes,
      free: bytes,
      used: bytes,
      usagePercent: z.number(),
      mount: z.string().describe('The directory whose file system this is.'),
    }),
    network: z.object({
      interfaces: z.array(z.object({ name: z.string(), address: z.string(), family: z.string() })),
    }),
    loadAverage: z.array(z.number()).describe('Over 1, 5 and 15 minutes.'),
    timestamp: Timestamp,
    cronJobsActive: z.int(),
    cronJobsTotal: z.int(),
  })
  .meta({ id: 'SystemReport' })
export type SystemReport = z.output<typeof SystemReport>

export const getDashboardStats = route({
  id: 'dashboard.stats',
  method: 'GET',
  path: '/api/dashboard/stats',
  summary: 'Get the numbers of the last seven days',
  access: { permission: 'view' },
  answers: { 200: ok(DashboardStats) },
})

export const getDashboardSystem = route({
  id: 'dashboard.system',
  method: 'GET',
  path: '/api/dashboard/system',
  summary: 'Describe the machine that the server runs on',
  access: { permission: 'view' },
  answers: { 200: ok(SystemReport) },
})

export const dashboardRoutes = [getDashboardStats, getDashboardSystem] as const
