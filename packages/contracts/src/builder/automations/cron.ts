import { z } from 'zod'
import { Done, ok, Timestamp } from '../../kit/answer.ts'
import { Id } from '../../kit/id.ts'
import { route } from '../../kit/route.ts'
import { CodeDryRun, CodeError, ConsoleLine } from '../code.ts'
import { endpointMethods } from '../endpoints.ts'
import { Json } from '../fields.ts'

export const cronActions = ['javascript', 'http', 'endpoint'] as const
/** What becomes of a run that is due while another still runs. */
export const overlapPolicies = ['skip', 'queue', 'parallel'] as const
/** What becomes of runs that were due while no server ran, or that died with their server. */
export const missedPolicies = ['skip', 'once', 'all'] as const
export const cronRunStates = ['queued', 'running', 'success', 'error', 'skipped', 'lost'] as const
export const cronTriggers = ['schedule', 'manual', 'repeat'] as const
const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

/** Set by the request itself. */
const reservedHeader =
  /^(connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i
const HttpHeaders = z
  .record(
    z
      .string()
      .max(100)
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header, such as Authorization')
      .refine((name) => !reservedHeader.test(name), 'is set by the request itself; choose another name'),
    z
      .string()
      .max(2_000)
      .regex(/^[\x20-\x7E]*$/, 'must be one line of printable ASCII'),
  )
  .refine((headers) => Object.keys(headers).length <= 20, 'must be at most 20 headers')
  .describe('`{{SHOP_KEY}}` in a value stands for the secret of that name; so it does in `httpBody`.')

const settings = {
  name: z.string().trim().min(1, 'must not be empty').max(120),
  description: z.string().max(2_000),
  /** Minute, hour, day of month, month, day of week. */
  schedule: z.string().trim().min(1, 'must not be empty').max(120),
  timeZone: z.string().min(1).max(64),
  actionType: z.enum(cronActions, `must be one of ${cronActions.join(', ')}`),
  javascriptCode: z.string().max(100_000),
  httpUrl: z.string().max(2_000),
  httpMethod: z.enum(httpMethods, `must be one of ${httpMethods.join(', ')}`),
  httpHeaders: HttpHeaders,
  httpBody: z.string().max(100_000),
  endpointPath: z.string().max(500),
  endpointMethod: z.enum(endpointMethods, `must be one of ${endpointMethods.join(', ')}`),
  endpointBody: Json,
  overlap: z.enum(overlapPolicies, `must be one of ${overlapPolicies.join(', ')}`),
  missedRuns: z.enum(missedPolicies, `must be one of ${missedPolicies.join(', ')}`),
  timeoutMs: z.int().min(1_000).max(300_000),
  enabled: z.boolean(),
} as const

const CronJobBody = z.object({
  ...settings,
  description: settings.description.default(''),
  timeZone: settings.timeZone.default('UTC'),
  javascriptCode: settings.javascriptCode.default(''),
  httpUrl: settings.httpUrl.default(''),
  httpMethod: settings.httpMethod.default('GET'),
  httpHeaders: settings.httpHeaders.default({}),
  httpBody: settings.httpBody.default(''),
  endpointPath: settings.endpointPath.default(''),
  endpointMethod: settings.endpointMethod.default('GET'),
  endpointBody: settings.endpointBody.default(null),
  overlap: settings.overlap.default('skip'),
  missedRuns: settings.missedRuns.default('once'),
  timeoutMs: settings.timeoutMs.default(10_000),
  enabled: settings.enabled.default(true),
})
export type CronJobInput = z.output<typeof CronJobBody>

const CronJobChange = z.object(settings).partial()
export type CronJobChange = z.output<typeof CronJobChange>

export const CronJob = z
  .object({
    _id: Id,
    id: Id,
    ...settings,
    lastRunAt: Timestamp.nullable(),
    lastRunStatus: z.enum(['success', 'error']).nullable(),
    lastRunMessage: z.string().nullable(),
    /** The next five, or none when it is off. */
    nextRuns: z.array(Timestamp),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'CronJob' })
export type CronJob = z.output<typeof CronJob>

export const CronRun = z
  .object({
    id: Id,
    cronId: Id,
    state: z.enum(cronRunStates),
    trigger: z.enum(cronTriggers),
    /** Which try of this run it is, from 1 on: a run whose server died is tried again. */
    attempt: z.int(),
    scheduledFor: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
    durationMs: z.number().nullable(),
    message: z.string(),
    /** What the function returned, or the answer's status and beginning. */
    output: Json.nullable(),
    error: CodeError.nullable(),
    console: z.array(ConsoleLine),
    consoleDropped: z.int(),
  })
  .meta({ id: 'CronRun' })
export type CronRun = z.output<typeof CronRun>

const access = { permission: 'manage_api' } as const
const params = z.object({ id: Id })
const saveProblems = [
  'cron.schedule_invalid',
  'cron.time_zone_unknown',
  'cron.action_incomplete',
  'cron.url_refused',
] as const

export const listCronJobs = route({
  id: 'cron.list',
  method: 'GET',
  path: '/api/cron',
  summary: 'List cron jobs',
  access,
  answers: { 200: ok(z.array(CronJob)) },
})

export const createCronJob = route({
  id: 'cron.create',
  method: 'POST',
  path: '/api/cron',
  summary: 'Create a cron job',
  access,
  audit: 'cron.created',
  body: CronJobBody,
  answers: { 201: ok(CronJob) },
  problems: [...saveProblems, 'cron.too_many'],
})

export const previewCron = route({
  id: 'cron.preview',
  method: 'POST',
  path: '/api/cron/preview',
  summary: 'When a schedule would run next',
  access,
  audit: { none: 'It only computes.' },
  body: z.object({
    schedule: settings.schedule,
    timeZone: settings.timeZone.default('UTC'),
    count: z.int().min(1).max(50).default(5),
  }),
  answers: { 200: ok(z.object({ nextRuns: z.array(Timestamp) })) },
  problems: ['cron.schedule_invalid', 'cron.time_zone_unknown'],
})

export const dryRunCron = route({
  id: 'cron.dryRun',
  method: 'POST',
  path: '/api/cron/dry-run',
  summary: 'Run the code of a cron job; changes of records are rolled back, requests are really sent',
  access,
  audit: { none: 'Nothing is kept: records are rolled back, and the code is not stored.' },
  body: z.object({
    code: settings.javascriptCode,
    /** Who tries it waits for the answer, so that it has less time than a run. */
    timeoutMs: z.int().min(1_000).max(30_000).default(5_000),
  }),
  answers: { 200: ok(CodeDryRun) },
  problems: ['code.busy'],
})

export const getCronJob = route({
  id: 'cron.get',
  method: 'GET',
  path: '/api/cron/{id}',
  summary: 'Get a cron job',
  access,
  params,
  answers: { 200: ok(CronJob) },
  problems: ['cron.not_found'],
})

export const updateCronJob = route({
  id: 'cron.update',
  method: 'PUT',
  path: '/api/cron/{id}',
  summary: 'Change a cron job; what is absent stays',
  access,
  audit: 'cron.updated',
  params,
  body: CronJobChange,
  answers: { 200: ok(CronJob) },
  problems: ['cron.not_found', ...saveProblems],
})

export const deleteCronJob = route({
  id: 'cron.delete',
  method: 'DELETE',
  path: '/api/cron/{id}',
  summary: 'Delete a cron job and its history',
  access,
  audit: 'cron.deleted',
  params,
  answers: { 200: Done },
  problems: ['cron.not_found'],
})

export const runCronJob = route({
  id: 'cron.run',
  method: 'POST',
  path: '/api/cron/{id}/run',
  summary: 'Run a cron job now; the run is in its history from this moment on',
  access,
  audit: 'cron.run_requested',
  params,
  answers: { 202: ok(CronRun) },
  problems: ['cron.not_found', 'cron.too_many_waiting'],
})

export const listCronRuns = route({
  id: 'cron.listRuns',
  method: 'GET',
  path: '/api/cron/{id}/runs',
  summary: 'The history of a cron job, newest first',
  access,
  params,
  query: z.object({
    cursor: Id.optional().meta({ description: 'The `nextCursor` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    state: z.enum(cronRunStates).optional(),
  }),
  answers: {
    200: z.object({
      success: z.literal(true),
      data: z.array(CronRun),
      meta: z.object({ limit: z.int(), nextCursor: z.string().nullable() }),
    }),
  },
  problems: ['cron.not_found'],
})

export const cronRoutes = [
  listCronJobs,
  createCronJob,
  previewCron,
  dryRunCron,
  getCronJob,
  updateCronJob,
  deleteCronJob,
  runCronJob,
  listCronRuns,
] as const
