import type { EndpointDocs, EndpointExample } from '@holdfast/contracts/builder/endpoint-tools'
import type { Endpoint } from '@holdfast/contracts/builder/endpoints'
import type { EndpointField } from '../model.ts'
import { isParameter, splitPath } from './paths.ts'
import { jsonSchemaOf, sampleOf, typeScriptOf } from './samples.ts'
import { snippetsOf } from './snippets.ts'

/** Examples and documentation of one endpoint, made from its definition. Pure. */

const exampleId = '65f0c2a1b4e8d90012345678'
const exampleTime = '2026-01-15T09:30:00.000Z'

/** A shown field is enough to describe; keys play no part. */
function describable(endpoint: Endpoint): EndpointField[] {
  const convert = (fields: Endpoint['schema']): EndpointField[] =>
    fields.map((field) => ({
      ...field,
      key: field.name,
      refCollectionId: null,
      children: convert(field.children),
    }))
  return convert(endpoint.schema)
}

/** Whether the endpoint works on the collection as a whole. */
function isCollectionCall({ path, method, isSystem }: Endpoint): boolean {
  if (isParameter(splitPath(path).at(-1) ?? '')) return false
  return isSystem || method === 'GET' || method === 'POST'
}

function exampleUrl(endpoint: Endpoint): string {
  const path = splitPath(endpoint.path)
    .map((segment) => (isParameter(segment) ? exampleId : segment))
    .join('/')
  return `/${path}${isCollectionCall(endpoint) || isParameter(splitPath(endpoint.path).at(-1) ?? '') ? '' : `/${exampleId}`}`
}

function takesBody({ method }: Endpoint): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

export function exampleOf(endpoint: Endpoint): EndpointExample {
  const fields = describable(endpoint)
  const sample = fields.length > 0 ? sampleOf(fields) : { name: 'Example' }
  const headers = {
    ...(takesBody(endpoint) && { 'content-type': 'application/json' }),
    ...(endpoint.accessType !== 'public' && { authorization: 'Bearer <token>' }),
  }
  return {
    request: {
      method: endpoint.method,
      url: exampleUrl(endpoint),
      headers,
      ...(takesBody(endpoint) && { body: sample }),
    },
    response: responseOf(endpoint, sample),
    schema: jsonSchemaOf(fields),
  }
}

function responseOf(endpoint: Endpoint, sample: Record<string, unknown>): EndpointExample['response'] {
  if (endpoint.isSystem)
    return { statusCode: endpoint.method === 'POST' ? 201 : 200, success: true, data: {} }
  const record = { _id: exampleId, id: exampleId, ...sample, createdAt: exampleTime, updatedAt: exampleTime }
  if (endpoint.method === 'DELETE') return { statusCode: 200, success: true, message: 'Record deleted' }
  if (endpoint.method === 'GET' && isCollectionCall(endpoint)) {
    return { statusCode: 200, success: true, data: [record], meta: { page: 1, limit: 20, total: 1 } }
  }
  return { statusCode: endpoint.method === 'POST' ? 201 : 200, success: true, data: record }
}

/** `baseUrl` is where the reader reached us. */
export function documentationOf(endpoint: Endpoint, baseUrl: string): EndpointDocs {
  const fields = describable(endpoint)
  const example = exampleOf(endpoint)
  return {
    name: endpoint.name,
    description: endpoint.description,
    url: `${baseUrl}${endpoint.path}`,
    method: endpoint.method,
    accessType: endpoint.accessType,
    parameters: parametersOf(endpoint, fields),
    dataRetentionDays: endpoint.dataRetentionDays,
    requestBody: takesBody(endpoint) ? { example: example.request.body, schema: jsonSchemaOf(fields) } : null,
    exampleResponse: example.response,
    typescript: `interface ${typeName(endpoint.name)} ${fields.length > 0 ? typeScriptOf(fields) : '{\n  [field: string]: unknown\n}'}`,
    snippets: snippetsOf({
      method: endpoint.method,
      url: `${baseUrl}${example.request.url}`,
      needsToken: endpoint.accessType !== 'public',
      body: example.request.body,
    }),
    errors: errorsOf(endpoint),
  }
}

type Parameter = EndpointDocs['parameters'][number]

function parametersOf(endpoint: Endpoint, fields: readonly EndpointField[]): Parameter[] {
  const path = splitPath(endpoint.path)
    .filter(isParameter)
    .map(
      (segment): Parameter => ({
        name: segment.slice(1),
        in: 'path',
        type: 'string',
        required: true,
        description: 'Part of the path.',
      }),
    )
  if (endpoint.isSystem || endpoint.method !== 'GET') return path
  const references = fields
    .filter((field) => field.type === 'reference' && !field.hidden)
    .map(({ name }) => name)
  const query = (name: string, type: string, description: string): Parameter => ({
    name,
    in: 'query',
    type,
    required: false,
    description,
  })
  const populate = query(
    'populate',
    'string',
    `true for all, or some of: ${references.length > 0 ? references.join(', ') : 'none defined'}.`,
  )
  if (!isCollectionCall(endpoint)) return [...path, populate]
  return [
    ...path,
    query('page', 'number', 'Page number, from 1.'),
    query('limit', 'number', 'Records per page, 20 unless said otherwise.'),
    query('sort', 'string', 'Field names separated by commas; - in front sorts downwards.'),
    query(
      'filter[field][op]',
      'string',
      'op is eq, ne, gt, gte, lt, lte, in, contains, startsWith or exists.',
    ),
    query('search', 'string', 'Text to find in any text field.'),
    query('fields', 'string', 'Only these fields, separated by commas.'),
    query('cursor', 'string', 'The nextCursor of the page before.'),
    populate,
  ]
}

function errorsOf(endpoint: Endpoint): EndpointDocs['errors'] {
  const network = endpoint.networkAccess.enabled || endpoint.inheritGroupNetworkAccess
  return [
    ...(takesBody(endpoint)
      ? [{ status: 400, when: 'The body does not fit the schema, or a reference points nowhere.' }]
      : []),
    ...(endpoint.accessType === 'public'
      ? []
      : [{ status: 401, when: 'No token was sent, or it is not valid any more.' }]),
    ...(endpoint.accessType === 'group'
      ? [{ status: 403, when: 'The caller is in none of the allowed groups.' }]
      : []),
    ...(network && !endpoint.isSystem
      ? [{ status: 403, when: 'The network rules do not admit the caller’s address or domain.' }]
      : []),
    ...(isCollectionCall(endpoint) ? [] : [{ status: 404, when: 'There is no such record.' }]),
    ...(endpoint.rateLimit === null
      ? []
      : [
          {
            status: 429,
            when: `More than ${endpoint.rateLimit.requestsMax} requests in ${endpoint.rateLimit.windowSeconds} seconds.`,
          },
        ]),
  ]
}

/** `Product list` is `ProductList`. */
function typeName(name: string): string {
  const words = name.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z]/.test(joined) ? joined : `Record${joined}`
}
