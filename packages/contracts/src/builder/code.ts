import { z } from 'zod'
import { Done, ok, Timestamp } from '../kit/answer.ts'
import { Id } from '../kit/id.ts'
import { route } from '../kit/route.ts'
import { secret } from '../kit/secret.ts'
import { EndpointParams, endpointMethods, handlerTypes } from './endpoints.ts'
import { Json } from './fields.ts'

/** Why a run of user code did not end well. */
export const codeFailures = [
  'syntax',
  'missing_function',
  'threw',
  'unsettled',
  'cpu',
  'timeout',
  'memory',
  'stack',
  'output',
  'crashed',
  'cancelled',
] as const

export const CodeError = z
  .object({
    failure: z.enum(codeFailures),
    message: z.string(),
    /** Places in the code, a line each, or ''. */
    stack: z.string(),
  })
  .meta({ id: 'CodeError' })

export const ConsoleLine = z
  .object({ level: z.enum(['log', 'info', 'warn', 'error', 'debug']), text: z.string() })
  .meta({ id: 'ConsoleLine' })

export const HandlerRun = z
  .object({
    id: Id,
    endpointId: Id,
    handler: z.string(),
    type: z.enum(handlerTypes),
    requestId: z.string(),
    error: CodeError.nullable(),
    console: z.array(ConsoleLine),
    /** Lines beyond the limit of a run. */
    consoleDropped: z.int(),
    durationMs: z.number(),
    createdAt: Timestamp,
  })
  .meta({ id: 'HandlerRun' })
export type HandlerRun = z.output<typeof HandlerRun>

const TextMap = z.record(z.string().max(200), z.string().max(8_000))
const DryRunBody = z.object({
  type: z.enum(handlerTypes, `must be one of ${handlerTypes.join(', ')}`),
  code: z.string().max(100_000),
  request: z
    .object({
      method: z.enum(endpointMethods).optional(),
      path: z.string().max(500).optional(),
      params: TextMap.default({}),
      query: TextMap.default({}),
      headers: TextMap.default({}),
      body: Json.optional(),
      /** What a post or transform handler is shown as the answer. */
      result: z.object({ status: z.int().min(100).max(599).default(200), body: Json }).optional(),
    })
    .default({ params: {}, query: {}, headers: {} }),
})
export type DryRunInput = z.output<typeof DryRunBody>

export const CodeDryRun = z
  .object({
    /** What the function returned; absent when it returned nothing. */
    value: Json.optional(),
    /** The request's body as the function left it. */
    body: Json.optional(),
    error: CodeError.nullable(),
    console: z.array(ConsoleLine),
    consoleDropped: z.int(),
    durationMs: z.number(),
  })
  .meta({ id: 'CodeDryRun' })
export type CodeDryRun = z.output<typeof CodeDryRun>

const write = { permission: 'manage_api' } as const

export const dryRunHandler = route({
  id: 'handlers.dryRun',
  method: 'POST',
  path: '/api/endpoints/{id}/handlers/dry-run',
  summary:
    'Run handler code with a sample request; changes of records are rolled back, requests are really sent',
  access: write,
  audit: { none: 'Nothing is kept: records are rolled back, and the code is not stored.' },
  params: EndpointParams,
  body: DryRunBody,
  answers: { 200: ok(CodeDryRun) },
  problems: ['endpoints.not_found', 'endpoints.system_protected', 'code.busy'],
})

export const listHandlerRuns = route({
  id: 'handlers.listRuns',
  method: 'GET',
  path: '/api/endpoints/{id}/handlers/runs',
  summary: 'The last runs of an endpoint’s handlers with their console output, newest first',
  access: write,
  params: EndpointParams,
  query: z.object({
    handler: z.string().max(80).optional(),
    failed: z.enum(['true', 'false']).optional().meta({ description: 'Only those that failed, or did not.' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answers: { 200: ok(z.array(HandlerRun)) },
  problems: ['endpoints.not_found'],
})

export const CodeSecret = z
  .object({
    name: z.string(),
    description: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    updatedBy: z.string(),
  })
  .meta({ id: 'CodeSecret' })
export type CodeSecret = z.output<typeof CodeSecret>

const SecretParams = z.object({
  name: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be capital letters, digits and underscores, such as STRIPE_KEY'),
})
const SecretBody = z.object({
  /** Shorter ones cannot be masked in output without masking ordinary text. */
  value: secret(z.string().min(8, 'must have at least 8 characters').max(16_384)),
  description: z.string().max(500).default(''),
})
export type CodeSecretInput = z.output<typeof SecretBody>

export const listSecrets = route({
  id: 'secrets.list',
  method: 'GET',
  path: '/api/secrets',
  summary: 'List the secrets that code may read; values are never shown',
  access: write,
  answers: { 200: ok(z.array(CodeSecret)) },
})

export const saveSecret = route({
  id: 'secrets.save',
  method: 'PUT',
  path: '/api/secrets/{name}',
  summary: 'Create a secret, or replace its value',
  access: write,
  audit: 'secret.saved',
  params: SecretParams,
  body: SecretBody,
  answers: { 200: ok(CodeSecret) },
  problems: ['secrets.too_many'],
})

export const deleteSecret = route({
  id: 'secrets.delete',
  method: 'DELETE',
  path: '/api/secrets/{name}',
  summary: 'Delete a secret; code that reads it fails from now on',
  access: write,
  audit: 'secret.deleted',
  params: z.object({ name: z.string().max(64) }),
  answers: { 200: Done },
  problems: ['secrets.not_found'],
})

export const codeRoutes = [dryRunHandler, listHandlerRuns, listSecrets, saveSecret, deleteSecret] as const
