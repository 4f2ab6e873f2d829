import { Problem } from '@holdfast/contracts/kit/problem'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  type LoggingLevel,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import type { Logger } from '@holdfast/kernel/logger'
import { toProblem } from '../../../http/problem-writer.ts'
import { productVersion } from '../../../version.ts'
import type { NewActivity } from '../../platform/activity/rules.ts'
import type { ToolCatalogue } from './catalogue.ts'
import { RpcError, rpcCodes, type Tool } from './model.ts'
import { promptList, promptOf } from './prompts.ts'
import { pageOfTools, parseArguments } from './rules.ts'
import type { Caller, OnProgress, ToolCalls } from './tool-calls.ts'

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

export interface ProtocolNeeds {
  catalogue: ToolCatalogue
  calls: ToolCalls
  /** The OpenAPI document, as this caller may see it. */
  describe(caller: Caller): object
  activity: { recordFor(ctx: Caller['ctx'], entry: NewActivity): void }
  logger: Logger
}

/** What outlives one request of a client: the level of the messages that it wants. */
export interface ClientState {
  level(): LoggingLevel | undefined
  setLevel(level: LoggingLevel): void
}

export const specUri = 'openapi://spec'
const pageSize = 50
const instructions =
  'Tools named after a method and a path call this installation with the rights of the credential that came: endpoints that were defined here first, then the routes that manage it. Read openapi://spec for all of them.'

// Only there for what servers ask of clients, which this one never does; making one for every request would cost milliseconds.
const jsonSchemaValidator = new AjvJsonSchemaValidator()

/** The protocol for one request of one caller. Nothing of it is kept: any replica answers the next request. */
export function createProtocol(needs: ProtocolNeeds, caller: Caller, client: ClientState): Server {
  const { catalogue, calls, describe, activity, logger } = needs
  const server = new Server(
    { name: 'holdfast', title: 'Holdfast', version: productVersion },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, logging: {} },
      instructions,
      jsonSchemaValidator,
    },
  )
  const { actor } = caller.ctx
  /** Refusals in the words of the catalogue; what nobody foresaw stays in the log. */
  async function answering<T>(work: () => Promise<T> | T): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof RpcError) throw error
      const refusal = error instanceof Problem ? error : toProblem(error)
      if (refusal.status >= 500)
        logger.error({ requestId: caller.ctx.requestId, err: refusal.cause ?? refusal }, 'An MCP call failed')
      throw new RpcError(rpcCodes.failed, refusal.message, { code: refusal.code })
    }
  }

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
    answering(() => {
      const { page, nextCursor } = pageOfTools(catalogue.of(actor), params?.cursor, pageSize)
      return { tools: page.map(shown), ...(nextCursor !== undefined && { nextCursor }) }
    }),
  )

  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    answering(async () => {
      const tool = catalogue.of(actor).find(({ name }) => name === params.name)
      if (tool === undefined) {
        const message = `There is no tool called ${params.name}, or it is not for you.`
        activity.recordFor(caller.ctx, { action: 'mcp_call', source: 'mcp', message })
        throw new RpcError(rpcCodes.invalidParams, message)
      }
      const input = parseArguments(params.arguments)
      const onProgress = progressOf(extra)
      await onProgress?.(0, null, `${tool.method} ${tool.path}`)
      const result = await calls.call(caller, tool, input, { signal: extra.signal, onProgress })
      if (isWanted(client.level())) {
        const data = { tool: tool.name, isError: result.isError }
        await extra.sendNotification({
          method: 'notifications/message',
          params: { level: result.isError ? 'error' : 'info', logger: 'holdfast', data },
        })
      }
      return result
    }),
  )

  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [
      {
        uri: specUri,
        name: 'openapi',
        title: 'OpenAPI 3.1 description',
        description: 'Every route and endpoint that you may know of.',
        mimeType: 'application/json',
      },
    ],
  }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) =>
    answering(() => {
      if (uri !== specUri)
        throw new RpcError(rpcCodes.resourceNotFound, `There is no resource ${uri}.`, { uri })
      activity.recordFor(caller.ctx, { action: 'mcp_call', source: 'mcp', message: `Read ${uri}` })
      return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(describe(caller)) }] }
    }),
  )

  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: promptList }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) =>
    answering(() => promptOf(params.name, params.arguments)),
  )
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    client.setLevel(params.level)
    return {}
  })
  return server
}

/** As the specification knows tools. */
function shown({ name, title, description, inputSchema, outputSchema, annotations }: Tool) {
  return {
    name,
    title,
    description,
    inputSchema: { ...inputSchema, type: 'object' as const },
    ...(outputSchema && { outputSchema: { ...outputSchema, type: 'object' as const } }),
    annotations,
  }
}

function isWanted(level: LoggingLevel | undefined): boolean {
  return level === 'debug' || level === 'info'
}

/** Progress must rise with every message (specification, Progress): what stands still is not sent. */
function progressOf(extra: Extra): OnProgress | null {
  // The specification gives it that name.
  // oxlint-disable-next-line eslint/no-underscore-dangle
  const progressToken = extra._meta?.progressToken
  if (progressToken === undefined) return null
  let sent = -1
  return async (done, total, message) => {
    if (done <= sent) return
    sent = done
    await extra.sendNotification({
      method: 'notifications/progress',
      params: {
        progressToken,
        progress: done,
        ...(total !== null && { total }),
        ...(message !== null && { message }),
      },
    })
  }
}
