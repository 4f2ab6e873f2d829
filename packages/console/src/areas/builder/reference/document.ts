import { z } from 'zod'

/** The OpenAPI description, as far as the reference shows it. */

const Schema = z.record(z.string(), z.unknown())
export type Schema = z.output<typeof Schema>

const Content = z.record(z.string(), z.object({ schema: Schema.optional() }))
const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: Schema.optional(),
})
export type Parameter = z.output<typeof Parameter>

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
const Operation = z.object({
  operationId: z.string(),
  summary: z.string().default(''),
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  security: z.array(z.unknown()).default([]),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().default(''), content: Content.optional() }),
  ),
})

const Document = z.object({
  paths: z.record(z.string(), z.partialRecord(z.enum(methods), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema).default({}) }),
})

export interface ApiOperation extends z.output<typeof Operation> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  tag: string
  isPublic: boolean
}

export interface ApiDescription {
  operations: ApiOperation[]
  schemas: Readonly<Record<string, Schema>>
}

/** What shows one operation is given. */
export interface OperationProps {
  operation: ApiOperation
  schemas: ApiDescription['schemas']
}

/** What the endpoints defined here are filed under; they come first. */
const ownTag = 'endpointRecords'

export function readDescription(document: unknown): ApiDescription {
  const { paths, components } = Document.parse(document)
  const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    methods.flatMap((method): ApiOperation[] => {
      const operation = byMethod[method]
      if (!operation) return []
      const { tags, security } = operation
      return [
        {
          ...operation,
          method: method.toUpperCase() as ApiOperation['method'],
          path,
          tag: tags[0] ?? 'other',
          isPublic: security.length === 0,
        },
      ]
    }),
  )
  return { operations, schemas: components.schemas }
}

/** By tag, the endpoints defined here first; only those that have every word of `search`. */
export function groupOperations(
  operations: readonly ApiOperation[],
  search: string,
): [tag: string, operations: ApiOperation[]][] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const wanted = operations.filter((operation) => {
    const text =
      `${operation.method} ${operation.path} ${operation.summary} ${operation.tag} ${operation.operationId}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const groups = [...Map.groupBy(wanted, ({ tag }) => tag)]
  return groups.sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other))
}

const rank = (tag: string) => (tag === ownTag ? 0 : 1)

/** `endpointRecords` in words. */
export function tagWords(tag: string): string {
  if (tag === ownTag) return 'Endpoints defined here'
  const words = tag
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase()
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\b(api|mcp|mfa|v1)\b/gi, (word) =>
    word.toLowerCase() === 'v1' ? 'v1' : word.toUpperCase(),
  )
}

/** The JSON that an operation takes, or undefined. */
export function bodySchemaOf({ requestBody }: ApiOperation): Schema | undefined {
  return requestBody?.content['application/json']?.schema
}
