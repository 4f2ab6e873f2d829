import type { JsonRpcMessage } from '@holdfast/contracts/builder/mcp'
import { mcpLimits } from '@holdfast/contracts/builder/mcp'
import {
  isJSONRPCRequest,
  JSONRPCMessageSchema,
  type JSONRPCMessage,
  type LoggingLevel,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js'
import { LRUCache } from 'lru-cache'
import { randomUUID } from 'node:crypto'
import { createExchange, type Exchange } from './exchange.ts'
import { RpcError, rpcCodes } from './model.ts'
import { type ClientState, createProtocol, type ProtocolNeeds } from './protocol.ts'
import { refusalOf, withDefaults } from './requests.ts'
import { type Caller, callerKey } from './tool-calls.ts'

/**
 * The MCP server: Streamable HTTP without sessions that anybody would have to keep. A client gets an id when it
 * initialises, and it only tells apart whose requests and log level are meant; every replica answers every request.
 *
 * Invariants: a tool does what the same person could do over HTTP, no more; a batch, and what one caller has under way at
 * once, is bounded; a cancelled request is answered once. Cancelling reaches the calls of this replica.
 * Events: those of the routes that tools call.
 */
export interface Mcp {
  /** Of the protocol, the newest first. */
  versions: readonly string[]
  /** Null when nothing in it asks for an answer. */
  receive(caller: Caller, messages: readonly JsonRpcMessage[], clientId: string | null): Received | null
}

export interface Received {
  /** For the client to send with what follows; only in the answer to `initialize`. */
  clientId: string | null
  /** Whether something may come before the answers. */
  streams: boolean
  outgoing(): AsyncGenerator<JSONRPCMessage>
}

export function createMcp(needs: ProtocolNeeds): Mcp {
  const levels = new LRUCache<string, LoggingLevel>({ max: 10_000 })
  const underWay = new Map<string, Set<Exchange>>()
  const callsOf = new Map<string, number>()

  function clientState(key: string): ClientState {
    return { level: () => levels.get(key), setLevel: (level) => levels.set(key, level) }
  }

  function cancel(client: string, message: JsonRpcMessage): void {
    const id = message.params?.requestId
    if (typeof id !== 'string' && typeof id !== 'number') return
    for (const exchange of underWay.get(client) ?? []) exchange.cancel(id, 'The client cancelled it.')
  }

  async function* run(
    exchange: Exchange,
    client: string,
    owner: string,
    calls: number,
  ): AsyncGenerator<JSONRPCMessage> {
    const own = underWay.get(client) ?? new Set()
    underWay.set(client, own.add(exchange))
    callsOf.set(owner, (callsOf.get(owner) ?? 0) + calls)
    try {
      yield* exchange.outgoing()
    } finally {
      own.delete(exchange)
      if (own.size === 0) underWay.delete(client)
      const left = (callsOf.get(owner) ?? 0) - calls
      if (left > 0) callsOf.set(owner, left)
      else callsOf.delete(owner)
    }
  }

  return {
    versions: SUPPORTED_PROTOCOL_VERSIONS,
    receive(caller, given, knownClientId) {
      const owner = callerKey(caller.ctx.actor)
      const initialises = given.some(({ method }) => method === 'initialize')
      const clientId = initialises ? randomUUID() : null
      const client = `${owner} ${clientId ?? knownClientId ?? ''}`
      const messages = given.map(withDefaults)
      for (const message of messages)
        if (message.method === 'notifications/cancelled') cancel(client, message)
      const requests = messages.filter(({ id, method }) => id !== undefined && method !== undefined)
      if (requests.length === 0) return null

      const exchange = createExchange(requests.map(({ id }) => id ?? ''))
      const calls = requests.filter(({ method }) => method === 'tools/call').length
      const isTooMany = (callsOf.get(owner) ?? 0) + calls > mcpLimits.callsAtOnceMax
      return {
        clientId,
        streams: calls > 0,
        async *outgoing() {
          const state = clientState(client)
          await createProtocol(needs, caller, state).connect(exchange.transport)
          const running = run(exchange, client, owner, calls)
          for (const message of requests) {
            const id = message.id ?? ''
            const parsed = JSONRPCMessageSchema.safeParse(message)
            const refusal = isTooMany && message.method === 'tools/call' ? tooMany() : refusalOf(message)
            if (refusal !== null) exchange.refuse(id, refusal)
            else if (parsed.success && isJSONRPCRequest(parsed.data)) exchange.receive(parsed.data)
            else exchange.refuse(id, new RpcError(-32_600, 'This is not a request of JSON-RPC 2.0.'))
          }
          yield* running
        },
      }
    },
  }
}

function tooMany(): RpcError {
  return new RpcError(
    rpcCodes.failed,
    `More than ${mcpLimits.callsAtOnceMax} calls at once. Wait for the others to be answered.`,
  )
}
