import { z } from 'zod'
import { page, pageQuery } from '../kit/answer.ts'
import { stream } from '../kit/media.ts'
import { route } from '../kit/route.ts'

/** Bounds of one request to the MCP server. */
export const mcpLimits = { batchMax: 20, bodySizeBytesMax: 4 * 1024 * 1024, callsAtOnceMax: 32 } as const

/** A message of JSON-RPC 2.0. What its `params` must be, the method says. */
const JsonRpcMessage = z
  .looseObject({
    jsonrpc: z.literal('2.0', 'must be "2.0"'),
    id: z
      .union([z.string().max(200), z.int()])
      .optional()
      .describe('Without it, a notification.'),
    method: z.string().max(100).optional(),
    params: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'JsonRpcMessage' })
export type JsonRpcMessage = z.output<typeof JsonRpcMessage>

const JsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema 2020-12')

/** A tool as MCP describes it. */
export const McpTool = z
  .object({
    /** Method and path: `get_api_products`. */
    name: z.string(),
    title: z.string(),
    description: z.string(),
    inputSchema: JsonSchema,
    outputSchema: JsonSchema.optional(),
    annotations: z.object({
      title: z.string(),
      readOnlyHint: z.boolean(),
      destructiveHint: z.boolean(),
      idempotentHint: z.boolean(),
      openWorldHint: z.boolean(),
    }),
    /** `endpoint`: one that was defined here; `management`: the product's own. */
    kind: z.enum(['endpoint', 'management']),
    method: z.string(),
    path: z.string(),
  })
  .meta({ id: 'McpTool' })
export type McpTool = z.output<typeof McpTool>

export const callMcp = route({
  id: 'mcp.call',
  method: 'POST',
  path: '/api/mcp',
  summary: 'Speak the Model Context Protocol: one JSON-RPC message, or several as a batch',
  access: { signedIn: true },
  audit: { none: 'A tool that changes something leaves the entry of the route that it calls.' },
  body: z.union(
    [JsonRpcMessage, z.array(JsonRpcMessage).min(1).max(mcpLimits.batchMax)],
    `must be a JSON-RPC 2.0 message, or a list of up to ${mcpLimits.batchMax} of them`,
  ),
  bodySizeBytesMax: mcpLimits.bodySizeBytesMax,
  answers: { 200: stream('application/json', 'text/event-stream'), 202: null },
  problems: ['mcp.origin_refused', 'mcp.version_unsupported'],
})

export const listMcpTools = route({
  id: 'mcp.listTools',
  method: 'GET',
  path: '/api/mcp/tools',
  summary: 'List the tools that you may call through MCP',
  access: { permission: 'manage_api' },
  query: pageQuery(50, 500).extend({
    search: z.string().max(200).optional().describe('Part of the name, title or path.'),
    kind: z.enum(['endpoint', 'management']).optional(),
  }),
  answers: { 200: page(McpTool) },
})

const ProtectedResource = z
  .object({
    resource: z.url(),
    resource_name: z.string(),
    resource_documentation: z.url(),
    bearer_methods_supported: z.array(z.string()),
    scopes_supported: z.array(z.string()),
  })
  .meta({ id: 'ProtectedResource' })

const metadata = {
  method: 'GET',
  access: { public: 'A client reads it to learn how to present a credential.' },
  answers: { 200: ProtectedResource },
} as const

export const getMcpMetadata = route({
  ...metadata,
  id: 'mcp.metadata',
  path: '/.well-known/oauth-protected-resource',
  summary: 'How the MCP server is reached with a credential (RFC 9728)',
})

/** RFC 9728 §3.1: the path of the resource follows the well-known one. */
export const getMcpPathMetadata = route({
  ...metadata,
  id: 'mcp.pathMetadata',
  path: '/.well-known/oauth-protected-resource/api/mcp',
  summary: 'The same, where clients look that insert the path of the resource',
})

export const mcpRoutes = [callMcp, listMcpTools, getMcpMetadata, getMcpPathMetadata] as const
