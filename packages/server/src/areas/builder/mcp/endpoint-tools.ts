import type { Actor } from '../../../context.ts'
import { isParameter, splitPath } from '../endpoints/paths.ts'
import { filterInputs, filterSchemas, listInputs, recordInputs } from '../endpoints/query-inputs.ts'
import { namesRecord, recordParameter } from '../endpoints/record-operations.ts'
import { jsonSchemaOf } from '../endpoints/samples.ts'
import type { JsonSchema } from '../field-types/definition.ts'
import { type EndpointModel, maySee, maySet } from '../model.ts'
import { viewerOf } from '../records/admission.ts'
import type { Tool } from './model.ts'
import { annotationsOf, loosened, toolName } from './rules.ts'

/** A defined endpoint as a tool, with the fields that this person may see and set. */
export function endpointTool(endpoint: EndpointModel, actor: Actor): Tool {
  const { method, path, name, description } = endpoint
  const output = outputSchema(endpoint, actor)
  return {
    name: toolName(method, path),
    title: name,
    description: [description, `${method} ${path}`].filter((text) => text !== '').join('\n'),
    inputSchema: inputSchema(endpoint, viewerOf(actor).groupIds),
    ...(output && { outputSchema: output }),
    annotations: annotationsOf(method, name),
    kind: 'endpoint',
    method,
    path,
    calls: { endpoint },
  }
}

const text = { type: 'string' }

function inputSchema(endpoint: EndpointModel, groupIds: readonly string[]): JsonSchema {
  const { method, handlers } = endpoint
  const params = paramsSchema(endpoint)
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  const required = [...(params.required === undefined ? [] : ['params']), ...(takesBody ? ['body'] : [])]
  // What a handler reads instead, only its author knows.
  const isFree = handlers?.javascript != null
  const headers = headersSchema(method)
  const query = isFree ? { type: 'object', additionalProperties: true } : querySchema(endpoint, groupIds)
  const written = JSON.stringify(query)
  const $defs = Object.entries(filterSchemas).filter(([name]) => written.includes(`"#/$defs/${name}"`))
  return {
    ...($defs.length > 0 && { $defs: Object.fromEntries($defs) }),
    type: 'object',
    properties: {
      params,
      query,
      ...(headers && { headers }),
      ...((takesBody || method === 'DELETE') && { body: isFree ? {} : bodySchema(endpoint, groupIds) }),
    },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

function paramsSchema({ method, path }: EndpointModel): JsonSchema {
  const named = splitPath(path)
    .filter(isParameter)
    .map((segment) => segment.slice(1))
  const isBelow = method !== 'POST' && !namesRecord(path)
  const meaning =
    method === 'GET'
      ? 'The one record that is meant.'
      : 'The record that is meant; without it, body names several.'
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(named.map((name) => [name, text])),
      ...(isBelow && { [recordParameter(path)]: { ...text, description: meaning } }),
    },
    ...(named.length > 0 && { required: named }),
    additionalProperties: false,
  }
}

function querySchema({ method, path, collection }: EndpointModel, groupIds: readonly string[]): JsonSchema {
  const inputs =
    method !== 'GET'
      ? []
      : namesRecord(path)
        ? recordInputs(collection, groupIds)
        : listInputs(collection, groupIds)
  const properties = inputs.map(
    ({ name, description, schema }) => [name, { ...schema, description }] as const,
  )
  const filter =
    method === 'GET' && !namesRecord(path) ? { filter: filterSchema(filterInputs(collection, groupIds)) } : {}
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...filter },
    // Handlers read what they like.
    additionalProperties: true,
  }
}

function filterSchema(inputs: ReturnType<typeof filterInputs>): JsonSchema {
  const description =
    'By field, a value or operators: { "price": { "gte": 5 }, "status": "open" }. All of them must hold.'
  if (inputs === null) return { type: 'object', description, additionalProperties: true }
  const scalar = { type: ['string', 'number', 'boolean'] }
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(
      inputs.map(({ field, filter }) => [field, { anyOf: [scalar, { $ref: `#/$defs/${filter}` }] }]),
    ),
    additionalProperties: false,
  }
}

function headersSchema(method: string): JsonSchema | undefined {
  if (method === 'GET') return undefined
  const description =
    method === 'POST'
      ? 'A name of this call: called again with it within a day, it is answered again and done once.'
      : 'The ETag that the record must still have; otherwise nothing changes.'
  return {
    type: 'object',
    properties: {
      [method === 'POST' ? 'Idempotency-Key' : 'If-Match']: { ...text, maxLength: 255, description },
    },
    additionalProperties: false,
  }
}

/** One record, or as bulk requests send several. */
function bodySchema({ method, path, fields }: EndpointModel, groupIds: readonly string[]): JsonSchema {
  const id = { type: 'string', pattern: '^[0-9a-fA-F]{24}$' }
  if (method === 'DELETE') {
    const ids = { type: 'array', items: id, minItems: 1 }
    return { type: 'object', description: 'Only without params.id.', properties: { ids }, required: ['ids'] }
  }
  const one = jsonSchemaOf(fields.filter((field) => maySet(field, groupIds)))
  if (method === 'PATCH') delete one.required
  if (method === 'POST') return { anyOf: [one, { type: 'array', items: one, minItems: 1 }] }
  if (namesRecord(path)) return one
  const item = {
    ...one,
    properties: { id, ...(one.properties as object | undefined) },
    required: ['id', ...((one.required as string[] | undefined) ?? [])],
  }
  const items = { type: 'array', items: item, minItems: 1 }
  return { anyOf: [one, { type: 'object', properties: { items }, required: ['items'] }] }
}

/** Undefined where handlers may answer anything. */
function outputSchema({ fields, handlers, method }: EndpointModel, actor: Actor): JsonSchema | undefined {
  if (handlers !== null || method === 'DELETE') return undefined
  const { groupIds } = viewerOf(actor)
  const shape = loosened(
    jsonSchemaOf(fields.filter((field) => maySee(field, groupIds) && field.type !== 'reference')),
  )
  const properties = shape.properties ?? {}
  const record = { type: 'object', properties: { _id: text, ...properties } }
  return {
    type: 'object',
    properties: {
      success: { type: 'boolean' },
      data: { anyOf: [record, { type: 'array', items: record }] },
      meta: { type: 'object' },
    },
  }
}
