import { callMcp, getMcpMetadata, getMcpPathMetadata, listMcpTools } from '@holdfast/contracts/builder/mcp'
import { scopeNames } from '@holdfast/contracts/identity/token-scopes'
import { problem } from '@holdfast/contracts/problems'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { Context } from '../../../context.ts'
import { type BoundRoute, handle, Reply, type RequestFacts } from '../../../http/handle.ts'
import { sse } from '../../../http/sse.ts'
import type { ToolCatalogue } from './catalogue.ts'
import { isOriginAdmitted } from './origin.ts'
import type { Mcp, Received } from './service.ts'

const passedOn = [
  'authorization',
  'x-api-key',
  'cookie',
  'x-csrf-token',
  'x-organization-id',
  'origin',
  'host',
  'user-agent',
] as const

/** `publicUrl`: where the installation is reached, when somebody said so. */
export function bindMcp(
  loadMcp: () => Promise<Mcp>,
  catalogue: ToolCatalogue,
  publicUrl: (ctx: Context) => Promise<string | null>,
): BoundRoute[] {
  async function metadata(ctx: Context, request: RequestFacts) {
    const base = ((await publicUrl(ctx)) ?? `${request.scheme}://${request.host}`).replace(/\/+$/, '')
    return {
      resource: `${base}/api/mcp`,
      resource_name: 'Holdfast',
      resource_documentation: `${base}/build/mcp`,
      bearer_methods_supported: ['header'],
      scopes_supported: [...scopeNames],
    }
  }
  return [
    handle(callMcp, async (ctx, { body }, request) => {
      const { headers } = request
      if (!isOriginAdmitted(request, await publicUrl(ctx))) throw problem('mcp.origin_refused')
      const mcp = await loadMcp()
      const version = headers['mcp-protocol-version']
      if (version !== undefined && !mcp.versions.includes(version))
        throw problem('mcp.version_unsupported', {
          sentence: `The header MCP-Protocol-Version must be one of ${mcp.versions.join(', ')}.`,
        })
      const isBatch = Array.isArray(body)
      const caller = { ctx, headers: pick(headers, passedOn) }
      const clientId = headers['mcp-session-id']?.slice(0, 100) ?? null
      const received = mcp.receive(caller, isBatch ? body : [body], clientId)
      if (received === null) return new Reply(undefined, { status: 202 })
      const session = received.clientId === null ? {} : { 'mcp-session-id': received.clientId }
      const takesStream = headers.accept?.includes('text/event-stream') === true
      const answer =
        takesStream && received.streams
          ? sse(framesOf(received), ctx.signal)
          : { contentType: 'application/json', body: asJson(received, isBatch) }
      return new Reply(answer, { status: 200, headers: session })
    }),
    handle(listMcpTools, async (ctx, { query: { page, limit, search, kind } }) => {
      const wanted = search?.toLowerCase() ?? ''
      const tools = catalogue
        .of(ctx.actor)
        .filter((tool) => kind === undefined || tool.kind === kind)
        .filter(({ name, title, path }) => `${name}\n${title}\n${path}`.toLowerCase().includes(wanted))
      return {
        success: true as const,
        data: tools.slice((page - 1) * limit, page * limit),
        meta: { page, limit, total: tools.length },
      }
    }),
    handle(getMcpMetadata, (ctx, _input, request) => metadata(ctx, request)),
    handle(getMcpPathMetadata, (ctx, _input, request) => metadata(ctx, request)),
  ]
}

function pick(headers: RequestFacts['headers'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

async function* framesOf(received: Received) {
  for await (const data of received.outgoing()) yield { event: 'message', data }
}

/** Answers in one piece; what would only come in between (progress, log messages) has no place in it. */
async function* asJson(received: Received, isBatch: boolean): AsyncGenerator<string> {
  const answers: JSONRPCMessage[] = []
  for await (const message of received.outgoing()) if (!('method' in message)) answers.push(message)
  yield JSON.stringify(isBatch ? answers : answers[0])
}
