import type { EndpointField, EndpointModel, Snapshot } from '../model.ts'
import { isParameter, splitPath } from './paths.ts'
import { jsonSchemaOf } from './samples.ts'

/** The part of an OpenAPI 3.1 document that this adds to. */
interface Document {
  paths?: Record<string, unknown> | undefined
  tags?: { name: string; description?: string }[] | undefined
}

/** Not `records`: so are the routes called that import, export and watch them. */
const tag = 'endpointRecords'

/**
 * A copy of `document` with the paths of the defined endpoints. What the product itself answers stays as it is. Only
 * endpoints that `include` admits are added, because not every reader of the document may know of every endpoint.
 */
export function withDynamicPaths<D extends Document>(
  document: D,
  snapshot: Snapshot,
  include: (endpoint: EndpointModel) => boolean,
): D {
  const paths: Record<string, unknown> = { ...document.paths }
  for (const endpoint of snapshot.endpoints.values()) {
    if (!include(endpoint)) continue
    const path = openApiPath(endpoint)
    paths[path] = {
      ...(paths[path] as object | undefined),
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    }
  }
  return {
    ...document,
    paths,
    tags: [...(document.tags ?? []), { name: tag, description: 'Records of the endpoints defined here' }],
  }
}

/** Changing one record is documented where it happens: below a base path. */
function openApiPath({ path, method }: EndpointModel): string {
  const written = `/${splitPath(path)
    .map((segment) => (isParameter(segment) ? `{${segment.slice(1)}}` : segment))
    .join('/')}`
  const namesRecord = isParameter(splitPath(path).at(-1) ?? '')
  return !namesRecord && (method === 'PUT' || method === 'PATCH' || method === 'DELETE')
    ? `${written}/{id}`
    : written
}

function operationOf(endpoint: EndpointModel) {
  const path = openApiPath(endpoint)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const takesBody = endpoint.method === 'POST' || endpoint.method === 'PUT' || endpoint.method === 'PATCH'
  const body = bodySchema(endpoint.method, endpoint.fields)
  return {
    operationId: `record_${endpoint.id.replaceAll('-', '')}`,
    summary: endpoint.name,
    ...(endpoint.description !== '' && { description: endpoint.description }),
    tags: [tag],
    security: endpoint.accessType === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(takesBody && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [endpoint.method === 'POST' ? '201' : '200']: {
        description: 'Success',
        content: { 'application/json': { schema: answerSchema(endpoint, names.length > 0) } },
      },
      '4XX': {
        description: 'Refused',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function bodySchema(method: string, fields: readonly EndpointField[]) {
  const schema = jsonSchemaOf(fields)
  if (method !== 'PATCH') return schema
  const { required, ...partial } = schema
  void required
  return partial
}

function answerSchema({ method, fields }: EndpointModel, hasParameters: boolean) {
  const success = { const: true }
  if (method === 'DELETE') return { type: 'object', properties: { success, message: { type: 'string' } } }
  const readable = fields.filter(({ readGroupIds }) => readGroupIds.length === 0)
  const { required, additionalProperties, ...shape } = jsonSchemaOf(readable)
  void [required, additionalProperties]
  const id = { type: 'string', pattern: '^[0-9a-f]{24}$' }
  const time = { type: 'string', format: 'date-time' }
  const properties = shape.properties as Record<string, unknown> | undefined
  const record = { ...shape, properties: { _id: id, id, ...properties, createdAt: time, updatedAt: time } }
  const isList = method === 'GET' && !hasParameters
  return { type: 'object', properties: { success, data: isList ? { type: 'array', items: record } : record } }
}
