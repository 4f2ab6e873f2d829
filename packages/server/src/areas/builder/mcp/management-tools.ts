import { isStream, isUpload } from '@holdfast/contracts/kit/media'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import { z } from 'zod'
import type { Actor } from '../../../context.ts'
import { authorize } from '../../../http/guard.ts'
import type { Tool } from './model.ts'
import { annotationsOf, toolName } from './rules.ts'

/**
 * The product's own routes as tools. Left out are those that hand out a secret or a credential, that take or answer
 * something else than JSON, and that are for whoever is not signed in: an assistant has no use for them, and what it
 * reads may be kept by others.
 */
export function createManagementTools(routes: readonly RouteShape[]) {
  let derived: { route: RouteShape; tool: Tool }[] | undefined
  // Derived when somebody first asks: a server without MCP clients need not read every schema.
  const all = () =>
    (derived ??= routes.filter(isOffered).flatMap((route) => {
      const tool = toolOf(route)
      return tool === null ? [] : [{ route, tool }]
    }))
  return {
    /** Those whose route admits `actor`. Rights inside an organization show when they are called. */
    of: (actor: Actor): Tool[] =>
      all()
        .filter(({ route }) => admits(route, actor))
        .map(({ tool }) => tool),
  }
}

const withheld = /^(\/api\/(auth|setup|mcp|profile|project)|\/v1\/(auth|profile|mfa)|\/\.well-known)(\/|$)/

/** It calls any route and shows what came, secrets as well. */
const tester = 'endpoints.test'

function isOffered({ id, access, path, body, answers }: RouteShape): boolean {
  if ('public' in access || withheld.test(path) || id === tester || isUpload(body)) return false
  return Object.values(answers).every((answer) => !isStream(answer))
}

function admits(route: RouteShape, actor: Actor): boolean {
  try {
    authorize(route, actor)
    return true
  } catch {
    return false
  }
}

function toolOf(route: RouteShape): Tool | null {
  const { method, path, summary, params, query, body } = route
  const outputSchema = outputOf(route)
  if (outputSchema === null) return null
  const input = z.strictObject({
    ...(params && { params }),
    ...(query && { query: hasRequired(query) ? query : query.optional() }),
    ...(body !== undefined && !isUpload(body) && { body }),
  })
  return {
    name: toolName(method, path),
    title: summary,
    description: `${summary}\n${method} ${path}`,
    inputSchema: schemaOf(input, 'input'),
    ...(outputSchema && { outputSchema }),
    annotations: annotationsOf(method, summary),
    kind: 'management',
    method,
    path,
    calls: { route },
  }
}

function hasRequired(query: z.ZodObject): boolean {
  return Object.values(query.shape).some((schema) => !schema.safeParse(undefined).success)
}

/** Undefined when there is no answer to describe; null when the answer holds a secret. */
function outputOf({ answers }: RouteShape): Record<string, unknown> | undefined | null {
  const [first, ...others] = Object.values(answers).filter((answer) => answer instanceof z.ZodType)
  if (first === undefined) return undefined
  const schema = schemaOf(others.length === 0 ? first : z.union([first, ...others]), 'output')
  // What `secret()` marks is write-only in JSON Schema.
  if (JSON.stringify(schema).includes('"writeOnly":true')) return null
  if (schema.type === 'object') return schema
  // MCP wants an object: anything else comes as its `result`.
  const { $defs, $schema, ...result } = schema
  void $schema
  return { type: 'object', properties: { result }, ...($defs !== undefined && { $defs }) }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema, ...shape } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  void $schema
  return shape
}
