import { z } from 'zod'
import { Timestamp } from '../kit/answer.ts'
import { route } from '../kit/route.ts'

/** References 003 and 004 show this body; load balancers and people read it. */
const Health = z
  .object({ status: z.literal('healthy'), timestamp: Timestamp, version: z.string() })
  .meta({ id: 'Health' })

const ApiHealth = z
  .object({ success: z.literal(true), status: z.literal('ok'), timestamp: Timestamp, version: z.string() })
  .meta({ id: 'ApiHealth' })

const Ready = z.object({ status: z.literal('ready'), timestamp: Timestamp }).meta({ id: 'Ready' })

/** `fail` makes the whole report unhealthy, `warn` degraded. */
export const CheckStatus = z.enum(['pass', 'warn', 'fail'])
export type CheckStatus = z.output<typeof CheckStatus>

const check = <S extends z.ZodRawShape>(observed: S) =>
  z.object({ status: CheckStatus, message: z.string().optional(), ...observed })

export const HealthReport = z
  .object({
    /** `unhealthy` comes as 503 with the problem `server.unavailable` around it. */
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    timestamp: Timestamp,
    version: z.string(),
    uptimeSeconds: z.int(),
    checks: z.object({
      database: check({ latencyMs: z.number().optional() }),
      migrations: check({ applied: z.int().optional() }),
      jobs: check({ waiting: z.int().optional(), failed: z.int().optional() }),
      events: check({ oldestUndeliveredSeconds: z.number().optional() }),
      activity: check({ buffered: z.int(), dropped: z.int() }),
      /** The last verification of the audit trail; null before the first one. */
      audit: check({ lastVerifiedAt: Timestamp.nullable().optional() }),
      disk: check({ freePercent: z.number().optional() }),
    }),
  })
  .meta({ id: 'HealthReport' })
export type HealthReport = z.output<typeof HealthReport>

const publicProbe = { public: 'Load balancers and orchestrators ask without a credential.' } as const

export const getHealth = route({
  id: 'health.get',
  method: 'GET',
  path: '/health',
  summary: 'Say that the process answers',
  access: publicProbe,
  limit: 'none',
  answers: { 200: Health },
})

export const getLiveness = route({
  id: 'health.live',
  method: 'GET',
  path: '/health/live',
  summary: 'Liveness probe: restart the process when this fails',
  access: publicProbe,
  limit: 'none',
  answers: { 200: Health },
})

export const getReadiness = route({
  id: 'health.ready',
  method: 'GET',
  path: '/health/ready',
  summary: 'Readiness probe: send traffic only while this succeeds',
  access: publicProbe,
  limit: 'none',
  answers: { 200: Ready },
})

export const getReady = route({
  id: 'health.readyAlias',
  method: 'GET',
  path: '/ready',
  summary: 'Readiness probe, at the short address',
  access: publicProbe,
  limit: 'none',
  answers: { 200: Ready },
})

export const getHealthReport = route({
  id: 'health.detailed',
  method: 'GET',
  path: '/health/detailed',
  summary: 'Show every check with what it observed',
  access: publicProbe,
  limit: 'none',
  answers: { 200: HealthReport },
})

export const getApiHealth = route({
  id: 'health.api',
  method: 'GET',
  path: '/api/health',
  summary: 'Say that the API answers',
  access: publicProbe,
  limit: 'none',
  answers: { 200: ApiHealth },
})

export const healthRoutes = [
  getHealth,
  getLiveness,
  getReadiness,
  getReady,
  getHealthReport,
  getApiHealth,
] as const
