import { z } from 'zod'
import { ok, page, settledPageQuery, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'

/** Where an action came from. */
export const activitySources = ['direct', 'mcp', 'cron', 'api_key', 'system'] as const
export type ActivitySource = (typeof activitySources)[number]

export const ActivityRow = z
  .object({
    _id: Id,
    id: Id,
    action: z.string(),
    source: z.enum(activitySources),
    userId: Id.nullable(),
    endpointId: z.string().nullable(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    statusCode: z.int().nullable(),
    /** Milliseconds. */
    responseTime: z.number().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ActivityRow' })
export type ActivityRow = z.output<typeof ActivityRow>

const ActivityQuery = settledPageQuery('logsPerPage').extend({
  action: z.string().max(80).optional().describe('Only this action: login, error, api_call, …'),
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Part of the message, action, source, address or user agent.'),
})
export type ActivityQuery = z.output<typeof ActivityQuery> & { limit: number }

const Deleted = ok(z.object({ deleted: z.int() }))
const manage = { permission: ['manage_users', 'manage_api'] } as const

export const listActivity = route({
  id: 'activity.list',
  method: 'GET',
  path: '/api/dashboard/logs',
  summary: 'List the activity log, newest first',
  access: { permission: 'view_logs' },
  query: ActivityQuery,
  answers: { 200: page(ActivityRow) },
})

export const clearActivity = route({
  id: 'activity.clear',
  method: 'DELETE',
  path: '/api/settings/logs',
  summary: 'Clear the activity log',
  access: manage,
  audit: 'activity.cleared',
  answers: { 200: Deleted },
})

export const clearOldActivity = route({
  id: 'activity.clearOld',
  method: 'DELETE',
  path: '/api/settings/logs/old',
  summary: 'Clear what the activity log holds beyond its retention',
  access: manage,
  audit: 'activity.expired',
  answers: { 200: Deleted },
})

export const activityRoutes = [listActivity, clearActivity, clearOldActivity] as const
