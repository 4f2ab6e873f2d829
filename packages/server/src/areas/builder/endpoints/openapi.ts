import type { JsonSchema } from '../field-types/definition.ts'
import type { EndpointModel, Snapshot } from '../model.ts'
import { isParameter, splitPath } from './paths.ts'
import { filterSchemas } from './query-inputs.ts'
import { recordOperations, recordsTag } from './record-operations.ts'

/** The part of an OpenAPI 3.1 document that this adds to. */
interface Document {
  paths?: Record<string, unknown> | undefined
  tags?: { name: string; description?: string }[] | undefined
  components?: { schemas?: Record<string, unknown> | undefined } | undefined
}

const listMeta: JsonSchema = {
  type: 'object',
  properties: {
    page: { type: 'integer' },
    limit: { type: 'integer' },
    total: { type: 'integer' },
    totalIsLowerBound: { type: 'boolean', description: 'There are more than total.' },
    nextCursor: { type: ['string', 'null'], description: 'Goes on where this page ends; null at the end.' },
  },
  required: ['page', 'limit', 'total', 'nextCursor'],
}

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
  const own = new Map<string, { path: string; byMethod: Record<string, unknown> }>()
  const included = [...snapshot.endpoints.values()].filter(include)
  const described = included.flatMap((endpoint) =>
    recordOperations(endpoint).map((each) => ({ ...each, method: endpoint.method.toLowerCase() })),
  )
  // What is defined comes before what comes with it: the first one for a path and method is the one that answers.
  for (const { path, method, operation } of described.toSorted(
    (one, other) => Number(one.isImplicit) - Number(other.isImplicit),
  )) {
    const place = own.get(shapeOf(path)) ?? { path: templateOf(path), byMethod: {} }
    own.set(shapeOf(path), place)
    place.byMethod[method] ??= withPathParameters(operation, place.path)
  }
  for (const { path, byMethod } of own.values())
    paths[path] = { ...(paths[path] as object | undefined), ...byMethod }
  const text = JSON.stringify([...own.values()])
  const used = Object.entries({ ...filterSchemas, RecordListMeta: listMeta }).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  )
  return {
    ...document,
    paths,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, ...Object.fromEntries(used) },
    },
    tags: [
      ...(document.tags ?? []),
      { name: recordsTag, description: 'Records of the endpoints defined here' },
    ],
  }
}

/** Paths that differ in the names of parameters alone are one path (OpenAPI 3.1.1, 4.8.8.2). */
function shapeOf(path: string): string {
  return splitPath(path)
    .map((segment) => (isParameter(segment) ? ':' : segment))
    .join('/')
}

/** `/api/products/{id}`. */
function templateOf(path: string): string {
  return `/${splitPath(path)
    .map((segment) => (isParameter(segment) ? `{${segment.slice(1)}}` : segment))
    .join('/')}`
}

function withPathParameters(operation: Record<string, unknown>, template: string): Record<string, unknown> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return { ...operation, parameters: [...inPath, ...(operation.parameters as object[])] }
}
