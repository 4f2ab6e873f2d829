import type { JsonSchema } from '../field-types/definition.ts'
import type { EndpointModel } from '../model.ts'
import { isParameter, splitPath } from './paths.ts'
import { filterInputs, listInputs, type QueryInput, recordInputs } from './query-inputs.ts'
import { jsonSchemaOf } from './samples.ts'

/** What an endpoint answers, one operation of OpenAPI 3.1 for each form of it. Pure. */
export interface RecordOperation {
  /** `/api/products/:id`, with the parameters as the endpoint writes them. */
  path: string
  /** It comes with the endpoint, and yields to one that is defined for the same. */
  isImplicit: boolean
  operation: Record<string, unknown>
}

/** Not `records`: so are the routes called that import, export and watch them. */
export const recordsTag = 'endpointRecords'

const id = { type: 'string', pattern: '^[0-9a-f]{24}$' }
const time = { type: 'string', format: 'date-time' }
const success = { const: true }
const json = (schema: JsonSchema) => ({ 'application/json': { schema } })
/** What a document shows is for everybody: fields of some groups are not in it. */
const nobody: readonly string[] = []

/** The name of the parameter for the record below a collection: `id`, unless the path has one of that name. */
export function recordParameter(path: string): string {
  return splitPath(path).includes(':id') ? 'recordId' : 'id'
}

export function namesRecord(path: string): boolean {
  return isParameter(splitPath(path).at(-1) ?? '')
}

export function recordOperations(endpoint: EndpointModel): RecordOperation[] {
  const { path, method } = endpoint
  if (namesRecord(path)) return [{ path, isImplicit: false, operation: ofRecord(endpoint, '') }]
  const below = `${path}/:${recordParameter(path)}`
  if (method === 'POST') return [{ path, isImplicit: false, operation: ofCreation(endpoint) }]
  if (method === 'GET')
    return [
      { path, isImplicit: false, operation: ofList(endpoint) },
      { path: below, isImplicit: true, operation: ofRecord(endpoint, '_one') },
    ]
  return [
    { path: below, isImplicit: true, operation: ofRecord(endpoint, '') },
    { path, isImplicit: false, operation: ofSeveral(endpoint) },
  ]
}

function ofList(endpoint: EndpointModel) {
  const { collection } = endpoint
  const filters = filterInputs(collection, nobody)?.map(({ field, filter }) => ({
    name: `filter[${field}]`,
    in: 'query',
    description: `As filter[${field}][gte]=…; filter[${field}]=… asks for equal.`,
    style: 'deepObject',
    explode: true,
    schema: { $ref: `#/components/schemas/${filter}` },
  })) ?? [
    {
      name: 'filter',
      in: 'query',
      description: 'As filter[field][operator]=…, for any field.',
      style: 'deepObject',
      explode: true,
      schema: { type: 'object', additionalProperties: true },
    },
  ]
  const schema = {
    type: 'object',
    properties: {
      success,
      data: { type: 'array', items: recordSchema(endpoint) },
      meta: { $ref: '#/components/schemas/RecordListMeta' },
    },
    required: ['success', 'data', 'meta'],
  }
  const description = 'Success. With Accept: text/event-stream, the changes of these records as they happen.'
  return operationOf(endpoint, '', {
    summary: endpoint.name,
    parameters: [...queries(listInputs(collection, nobody)), ...filters],
    responses: {
      '200': {
        description,
        content: { ...json(schema), 'text/event-stream': { schema: { type: 'string' } } },
      },
    },
  })
}

function ofCreation(endpoint: EndpointModel) {
  const record = recordSchema(endpoint)
  const one = bodySchema(endpoint)
  return operationOf(endpoint, '', {
    summary: endpoint.name,
    parameters: [
      header(
        'Idempotency-Key',
        'A name of the request: sent again within a day, it is answered again and done once.',
      ),
    ],
    requestBody: body({ anyOf: [one, { type: 'array', items: one, minItems: 1 }] }),
    responses: {
      '201': {
        description: 'Created: the record, or the list of them when a list was sent.',
        headers: entityTag,
        content: json({
          type: 'object',
          properties: { success, data: { anyOf: [record, { type: 'array', items: record }] } },
        }),
      },
    },
  })
}

function ofRecord(endpoint: EndpointModel, suffix: string) {
  const { method, collection } = endpoint
  const isRead = method === 'GET'
  const isDelete = method === 'DELETE'
  const answer = isDelete
    ? { success, message: { type: 'string' } }
    : { success, data: recordSchema(endpoint) }
  return operationOf(endpoint, suffix, {
    summary: suffix === '' ? endpoint.name : `${endpoint.name}: one record`,
    parameters: isRead
      ? [
          ...queries(recordInputs(collection, nobody)),
          header('If-None-Match', 'The entity tag of what is known: 304 says that it still holds.'),
        ]
      : [header('If-Match', 'The entity tag that the record must still have; otherwise nothing changes.')],
    ...(!isRead && !isDelete && { requestBody: body(bodySchema(endpoint)) }),
    responses: {
      '200': {
        description: 'Success',
        ...(!isDelete && { headers: entityTag }),
        content: json({ type: 'object', properties: answer }),
      },
      ...(isRead && { '304': { description: 'Unchanged' } }),
    },
  })
}

function ofSeveral(endpoint: EndpointModel) {
  const { method } = endpoint
  if (method === 'DELETE') {
    const ids = { type: 'array', items: id, minItems: 1 }
    return operationOf(endpoint, '_several', {
      summary: `${endpoint.name}: several records`,
      requestBody: body({ type: 'object', properties: { ids }, required: ['ids'] }),
      responses: {
        '200': {
          description: 'All of them are deleted; otherwise none is.',
          content: json({
            type: 'object',
            properties: {
              success,
              message: { type: 'string' },
              data: { type: 'object', properties: { deleted: { type: 'integer' } } },
            },
          }),
        },
      },
    })
  }
  const change = bodySchema(endpoint)
  const item = {
    ...change,
    properties: { id, ...(change.properties as object | undefined) },
    required: ['id', ...((change.required as string[] | undefined) ?? [])],
  }
  const items = { type: 'array', items: item, minItems: 1 }
  return operationOf(endpoint, '_several', {
    summary: `${endpoint.name}: several records`,
    requestBody: body({ type: 'object', properties: { items }, required: ['items'] }),
    responses: {
      '200': {
        description: 'All of them are changed; otherwise none is.',
        content: json({
          type: 'object',
          properties: { success, data: { type: 'array', items: recordSchema(endpoint) } },
        }),
      },
    },
  })
}

interface Described {
  summary: string
  parameters?: object[]
  requestBody?: object
  responses: Record<string, object>
}

/** With the parts that all have. What a handler takes and answers instead, only its author knows. */
function operationOf(endpoint: EndpointModel, suffix: string, { summary, ...described }: Described) {
  const { description, accessType, handlers } = endpoint
  const { responses, requestBody, parameters } = handlers?.javascript ? withoutShapes(described) : described
  return {
    operationId: `record_${endpoint.id.replaceAll('-', '')}${suffix}`,
    summary,
    ...(description !== '' && { description }),
    tags: [recordsTag],
    security: accessType === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    parameters: parameters ?? [],
    ...(requestBody && { requestBody }),
    responses: {
      ...responses,
      '4XX': { description: 'Refused', content: json({ $ref: '#/components/schemas/Problem' }) },
    },
  }
}

function withoutShapes({ requestBody }: Omit<Described, 'summary'>): Omit<Described, 'summary'> {
  return {
    ...(requestBody && { requestBody: { content: json({}) } }),
    responses: { '200': { description: 'What the handler of the endpoint answers', content: json({}) } },
  }
}

const entityTag = {
  ETag: { description: 'Changes with every change of the record.', schema: { type: 'string' } },
}

const body = (schema: JsonSchema) => ({ required: true, content: json(schema) })
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string', maxLength: 255 },
})
const queries = (inputs: readonly QueryInput[]) => inputs.map((input) => ({ ...input, in: 'query' }))

function bodySchema({ method, fields }: EndpointModel): JsonSchema {
  const schema = jsonSchemaOf(fields)
  if (method !== 'PATCH') return schema
  const { required, ...partial } = schema
  void required
  return partial
}

function recordSchema({ fields, handlers }: EndpointModel): JsonSchema {
  if (handlers !== null && handlers.transform.length > 0) return {}
  const { required, additionalProperties, ...shape } = jsonSchemaOf(
    fields.filter(({ readGroupIds }) => readGroupIds.length === 0),
  )
  void [required, additionalProperties]
  const properties = shape.properties as Record<string, unknown> | undefined
  return { ...shape, properties: { _id: id, id, ...properties, createdAt: time, updatedAt: time } }
}
