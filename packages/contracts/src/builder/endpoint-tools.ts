import { z } from 'zod'
import { ok } from '../kit/answer.ts'
import { route } from '../kit/route.ts'
import { accessTypes, endpointMethods, EndpointParams } from './endpoints.ts'
import { Json } from './fields.ts'

export const EndpointExample = z
  .object({
    request: z.object({
      method: z.enum(endpointMethods),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: Json.optional(),
    }),
    response: z.object({
      statusCode: z.int(),
      success: z.boolean(),
      data: Json.optional(),
      meta: Json.optional(),
      message: z.string().optional(),
    }),
    schema: Json.optional(),
  })
  .meta({ id: 'EndpointExample' })
export type EndpointExample = z.output<typeof EndpointExample>

export const EndpointParameter = z
  .object({
    name: z.string(),
    in: z.enum(['path', 'query', 'header']),
    type: z.string(),
    required: z.boolean(),
    description: z.string(),
  })
  .meta({ id: 'EndpointParameter' })

export const EndpointDocs = z
  .object({
    name: z.string(),
    description: z.string(),
    url: z.string(),
    method: z.enum(endpointMethods),
    accessType: z.enum(accessTypes),
    parameters: z.array(EndpointParameter),
    dataRetentionDays: z.int().nullable(),
    requestBody: Json.nullable(),
    exampleResponse: Json,
    /** The record as a TypeScript type. */
    typescript: z.string(),
    snippets: z.object({ curl: z.string(), typescript: z.string(), python: z.string() }),
    errors: z.array(z.object({ status: z.int(), when: z.string() })),
  })
  .meta({ id: 'EndpointDocs' })
export type EndpointDocs = z.output<typeof EndpointDocs>

const TextMap = z.record(z.string().max(200), z.string().max(8_000))
const EndpointTestBody = z.object({
  method: z
    .enum(endpointMethods, `must be one of ${endpointMethods.join(', ')}`)
    .optional()
    .meta({ description: "The endpoint's own method unless said otherwise." }),
  /** Replaces the endpoint's path, `/api/products/65f0…` say. */
  path: z.string().trim().min(1, 'must not be empty').max(500).optional(),
  params: TextMap.default({}),
  query: TextMap.default({}),
  headers: TextMap.default({}),
  body: Json.optional(),
  clientIp: z.string().max(60).optional().meta({
    description: 'The simulated address of the caller. Needs manage_api; of others their own address counts.',
  }),
  applyNetworkAccess: z.boolean().default(false).meta({
    description: 'Whether network rules are applied. Without manage_api they always are.',
  }),
})
export type EndpointTestInput = z.output<typeof EndpointTestBody>

export const EndpointTestResult = z
  .object({
    request: z.object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: Json.optional(),
      params: z.record(z.string(), z.string()),
    }),
    response: z.object({
      statusCode: z.int(),
      headers: z.record(z.string(), z.string()),
      body: Json.nullable(),
      /** Milliseconds. */
      responseTime: z.number(),
    }),
  })
  .meta({ id: 'EndpointTestResult' })
export type EndpointTestResult = z.output<typeof EndpointTestResult>

export const getEndpointExamples = route({
  id: 'endpoints.examples',
  method: 'GET',
  path: '/api/endpoints/{id}/examples',
  summary: 'An example request and its answer, made from the schema',
  access: { permission: ['manage_api', 'view'] },
  params: EndpointParams,
  answers: { 200: ok(EndpointExample) },
  problems: ['endpoints.not_found'],
})

export const getEndpointDocs = route({
  id: 'endpoints.docs',
  method: 'GET',
  path: '/api/endpoints/{id}/docs',
  summary: 'Documentation of an endpoint, with snippets',
  access: { permission: ['manage_api', 'view'] },
  params: EndpointParams,
  answers: { 200: ok(EndpointDocs) },
  problems: ['endpoints.not_found'],
})

export const testEndpoint = route({
  id: 'endpoints.test',
  method: 'POST',
  path: '/api/endpoints/{id}/test',
  summary: 'Call an endpoint from inside, with a simulated address and headers',
  access: { permission: ['manage_api', 'view'] },
  audit: {
    none: 'The call runs with the caller’s own rights: it is in the activity log, and a product route audits itself.',
  },
  params: EndpointParams,
  body: EndpointTestBody,
  answers: { 200: ok(EndpointTestResult) },
  problems: ['endpoints.not_found'],
})

export const endpointToolRoutes = [getEndpointExamples, getEndpointDocs, testEndpoint] as const
