import type { Actor } from '../../../context.ts'
import { jsonSchemaOf } from '../endpoints/samples.ts'
import { isParameter, splitPath } from '../endpoints/paths.ts'
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
    inputSchema: inputSchema(endpoint, actor),
    ...(output && { outputSchema: output }),
    annotations: annotationsOf(method, name),
    kind: 'endpoint',
    method,
    path,
    calls: { endpoint },
  }
}

const queryDescription =
  'page, limit, search, sort (-price), fields, populate, and filters: price[gte]=5, status=open.'

function inputSchema(endpoint: EndpointModel, actor: Actor) {
  const { method, path, fields } = endpoint
  const named = splitPath(path)
    .filter(isParameter)
    .map((segment) => segment.slice(1))
  const endsInRecord = isParameter(splitPath(path).at(-1) ?? '')
  const hasImplicitId = method !== 'POST' && !endsInRecord
  const text = { type: 'string' }
  const params = {
    type: 'object',
    properties: {
      ...Object.fromEntries(named.map((name) => [name, text])),
      ...(hasImplicitId && {
        id: {
          ...text,
          description: method === 'GET' ? 'The one record that is meant.' : 'The record that is meant.',
        },
      }),
    },
    ...(named.length > 0 && { required: named }),
    additionalProperties: false,
  }
  const { groupIds } = viewerOf(actor)
  const body = jsonSchemaOf(fields.filter((field) => maySet(field, groupIds)))
  if (method === 'PATCH') delete body.required
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  // Bulk requests send a list instead of a record.
  const bulk = { type: 'array', items: body }
  const required = [...(named.length > 0 ? ['params'] : []), ...(takesBody ? ['body'] : [])]
  return {
    type: 'object',
    properties: {
      params,
      query: { type: 'object', description: queryDescription, additionalProperties: true },
      ...(takesBody && { body: method === 'POST' ? { anyOf: [body, bulk] } : body }),
    },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** Undefined where handlers may answer anything. */
function outputSchema({ fields, handlers, method }: EndpointModel, actor: Actor) {
  if (handlers !== null || method === 'DELETE') return undefined
  const { groupIds } = viewerOf(actor)
  const shape = loosened(
    jsonSchemaOf(fields.filter((field) => maySee(field, groupIds) && field.type !== 'reference')),
  )
  const properties = shape.properties ?? {}
  const record = { type: 'object', properties: { _id: { type: 'string' }, ...properties } }
  return {
    type: 'object',
    properties: {
      success: { type: 'boolean' },
      data: { anyOf: [record, { type: 'array', items: record }] },
    },
  }
}
