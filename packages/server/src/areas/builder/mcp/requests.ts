import type { JsonRpcMessage } from '@holdfast/contracts/builder/mcp'
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { RpcError, rpcCodes } from './model.ts'

const schemas = {
  initialize: InitializeRequestSchema,
  ping: PingRequestSchema,
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'logging/setLevel': SetLevelRequestSchema,
} as const

/** Why a request cannot be answered, or null: before the protocol sees it, so that every method refuses alike. */
export function refusalOf({ method, params }: JsonRpcMessage): RpcError | null {
  const schema = Object.hasOwn(schemas, method ?? '') ? schemas[method as keyof typeof schemas] : undefined
  if (schema === undefined) return new RpcError(rpcCodes.methodNotFound, `There is no method ${method}.`)
  const parsed = schema.safeParse({ method, ...(params !== undefined && { params }) })
  if (parsed.success) return null
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
  return new RpcError(rpcCodes.invalidParams, `The params of ${method} are not valid. ${issues.join('; ')}`)
}

/** The oldest clients initialise without saying who they are; such a one speaks the oldest version. */
export function withDefaults(message: JsonRpcMessage): JsonRpcMessage {
  if (message.method !== 'initialize') return message
  return {
    ...message,
    params: {
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: { name: 'unknown', version: '0' },
      ...message.params,
    },
  }
}
