import { z } from 'zod'
import { ok, page, PageMeta, settledPageQuery, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'

/** Where an action came from. */
export const activitySources = ['direct', 'mcp', 'cron', 'api_key', 'system'] as const
export type ActivitySource = (typeof activitySources)[number]

/**
 * Everything that the log can say has happened, with the words of the console: the one list of actions. The compiler holds
 * whoever records one to it, and a test brings each of them about.
 */
export const activityActions = {
  login: 'Sign-in',
  login_failed: 'Refused sign-in',
  logout: 'Sign-out',
  register: 'Registration',
  setup_complete: 'Set-up',
  error: 'Error',
  access_denied: 'Change refused',
  api_call: 'API call',
  api_key_used: 'API key used',
  endpoint_create: 'Endpoint created',
  endpoint_update: 'Endpoint changed',
  endpoint_delete: 'Endpoint deleted',
  user_create: 'User created',
  user_update: 'User changed',
  user_delete: 'User deleted',
  webhook_dispatch: 'Webhook',
  cron_run: 'Scheduled run',
  mcp_call: 'MCP call',
  database_create: 'Document created',
  database_update: 'Document changed',
  database_delete: 'Document deleted',
  logs_clear: 'Log cleared',
} as const
export type ActivityAction = keyof typeof activityActions

export const ActivityRow = z
  .object({
    _id: Id,
    id: Id,
    action: z.string(),
    source: z.enum(activitySources),
    userId: Id.nullable(),
    /** What the user was called then. */
    login: z.string().nullable(),
    endpointId: z.string().nullable(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    /** Of the request that it is about, as its caller was told and as the server's own log has it. */
    requestId: z.string().nullable(),
    statusCode: z.int().nullable(),
    /** Milliseconds. */
    responseTime: z.number().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ActivityRow' })
export type ActivityRow = z.output<typeof ActivityRow>

const filters = {
  action: z
    .string()
    .max(500)
    .optional()
    .describe('Only these actions, separated by commas: login, error, api_call, …'),
  source: z.enum(activitySources).optional(),
  status: z.enum(['ok', 'failed']).optional().describe('Only what went well, or only what failed.'),
  userId: Id.optional(),
  endpointId: z.string().max(100).optional(),
  search: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Words, or how they begin, of the message, action, source, user, address, user agent, request id and details. All of them must occur.',
    ),
} as const
const instant = z.iso.datetime({ offset: true }).optional()
const ActivityFilters = z.object({ ...filters, since: instant, until: instant })
export type ActivityFilters = z.output<typeof ActivityFilters>
const TailQuery = z.object(filters)
export type TailQuery = z.output<typeof TailQuery>

const ActivityQuery = settledPageQuery('logsPerPage').extend({
  ...ActivityFilters.shape,
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next_cursor` of the previous answer, to go on from there. Then page counts from there.'),
})
export type ActivityQuery = z.output<typeof ActivityQuery> & { limit: number }

/** With filters, rows are counted, and reached by page, up to here; a cursor reaches all of them. */
export const activityCountedMax = 1_000

const Deleted = ok(z.object({ deleted: z.int() }))
const manage = { permission: ['manage_users', 'manage_api'] } as const

export const listActivity = route({
  id: 'activity.list',
  method: 'GET',
  path: '/api/dashboard/logs',
  summary: 'List the activity log, newest first',
  access: { permission: 'view_logs' },
  query: ActivityQuery,
  answers: {
    200: page(ActivityRow).extend({
      meta: PageMeta.extend({
        totalIsLowerBound: z
          .boolean()
          .optional()
          .describe(`True when there are more than ${activityCountedMax} rows with these filters.`),
      }),
      next_cursor: z.string().nullable(),
    }),
  },
})

export const getActivity = route({
  id: 'activity.get',
  method: 'GET',
  path: '/api/dashboard/logs/{id}',
  summary: 'Get a row of the activity log',
  access: { permission: 'view_logs' },
  params: z.object({ id: Id }),
  answers: { 200: ok(ActivityRow) },
  problems: ['activity.not_found'],
})

export const followActivity = route({
  id: 'activity.follow',
  method: 'GET',
  path: '/api/dashboard/logs/live',
  summary: 'Follow the activity log as Server-Sent Events named `activity`, each with one row',
  access: { permission: 'view_logs' },
  query: TailQuery,
  answers: { 200: stream('text/event-stream') },
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

export const activityRoutes = [
  listActivity,
  followActivity,
  getActivity,
  clearActivity,
  clearOldActivity,
] as const
