import type { McpTool } from '@holdfast/contracts/builder/mcp'
import type { RouteShape } from '@holdfast/contracts/kit/route'
import type { EndpointModel } from '../model.ts'

/** A tool, and what it calls. */
export interface Tool extends McpTool {
  calls: { endpoint: EndpointModel } | { route: RouteShape }
}

/** What a tool of an endpoint may send beside path, query and body. */
export const requestHeaders = ['Idempotency-Key', 'If-Match'] as const

/** The arguments of every tool. */
export interface ToolArguments {
  params: Readonly<Record<string, string>>
  query: Readonly<Record<string, string | readonly string[]>>
  /** By lower-case name: those of `requestHeaders` alone. */
  headers: Readonly<Record<string, string>>
  body: unknown
}

/** An error of JSON-RPC 2.0 §5.1; the codes below -32000 are those of the specification. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: number
  readonly data: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

export const rpcCodes = {
  methodNotFound: -32_601,
  invalidParams: -32_602,
  resourceNotFound: -32_002,
  failed: -32_000,
} as const
