import { isStream, isUpload } from '@holdfast/contracts/kit/media'
import { problemsOf } from '@holdfast/contracts/kit/implied'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { type ProblemCode, problems } from '@holdfast/contracts/problems'
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'

const ProblemBody = z
  .object({
    success: z.literal(false),
    error: z.string().meta({ description: 'A sentence a person can act on.' }),
    code: z.string(),
    requestId: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
const ProblemBodyV1 = ProblemBody.omit({ success: true, requestId: true })
  .extend({ request_id: z.string() })
  .meta({ id: 'ProblemV1' })

/** OpenAPI 3.1 of these routes. Everything in it is derived from the route values. */
export function openApiDocument(routes: readonly RouteShape[], version: string) {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version,
      description: 'One server: API builder, gateway, private network and fleet.',
      license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name, description: `Routes of ${name}` })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        session: { type: 'apiKey', in: 'cookie', name: 'holdfast_session' },
      },
    },
  })
}

const tagOf = (route: RouteShape): string => route.id.split('.', 1)[0] ?? 'other'

function operation(route: RouteShape): ZodOpenApiOperationObject {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [tagOf(route)],
    security: 'public' in route.access ? [] : [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(route.query && { query: route.query }),
    },
    ...(route.body && { requestBody: requestBody(route) }),
    responses: { ...successes(route), ...refusals(route) },
  }
}

function requestBody(route: RouteShape): NonNullable<ZodOpenApiOperationObject['requestBody']> {
  const { body } = route
  if (isUpload(body)) {
    return {
      required: true,
      content: Object.fromEntries(body.upload.map((type) => [type, { schema: { type: 'string' } }])),
    }
  }
  return { required: true, content: { 'application/json': { schema: body as z.ZodType } } }
}

function successes(route: RouteShape): ZodOpenApiOperationObject['responses'] {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => {
      if (schema === null) return [status, { description: 'Done, no body' }]
      if (isStream(schema)) {
        return [
          status,
          {
            description: 'A stream',
            content: Object.fromEntries(schema.stream.map((type) => [type, { schema: { type: 'string' } }])),
          },
        ]
      }
      return [status, { description: 'Success', content: { 'application/json': { schema } } }]
    }),
  )
}

/** One response per status; the codes that may come with it stand in its description. */
function refusals(route: RouteShape): ZodOpenApiOperationObject['responses'] {
  const codesByStatus = new Map<string, ProblemCode[]>()
  // Refused before any route is looked at, so it may come from each.
  const before: ProblemCode[] = ['request.headers_too_large', 'request.timed_out']
  for (const code of [...problemsOf(route), ...before]) {
    const status = String(problems[code].status)
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code])
  }
  const schema = route.path.startsWith('/v1/') ? ProblemBodyV1 : ProblemBody
  return Object.fromEntries(
    [...codesByStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${problems[code].sentence}`).join('\n'),
        content: { 'application/json': { schema } },
      },
    ]),
  )
}
