import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { RpcError, rpcCodes } from './model.ts'

/**
 * One HTTP request as a transport of the protocol: the messages that came in its body go in, and what answers them comes
 * out, until every request among them is answered.
 */
export interface Exchange {
  transport: Transport
  /** Hands a message to the protocol. */
  receive(message: JSONRPCMessage): void
  /** Answers a request without asking the protocol. */
  refuse(id: string | number, error: RpcError): void
  /** Stops a request; it is answered as cancelled. */
  cancel(id: string | number, reason: string): void
  /** Everything that goes out, as it comes; ends with the last answer. */
  outgoing(): AsyncGenerator<JSONRPCMessage>
}

export function createExchange(requestIds: readonly (string | number)[]): Exchange {
  const open = new Set(requestIds)
  const waiting: JSONRPCMessage[] = []
  let wake: (() => void) | undefined

  function push(message: JSONRPCMessage): void {
    const isAnswer = 'id' in message && !('method' in message)
    // The first answer counts: a request that was cancelled is not answered again.
    if (isAnswer && message.id !== undefined && !open.delete(message.id)) return
    waiting.push(message)
    wake?.()
  }

  const transport: Transport = {
    start: async () => undefined,
    close: async () => {
      transport.onclose?.()
    },
    send: async (message) => push(message),
  }

  const refuse = (id: string | number, { code, message, data }: RpcError) =>
    push({ jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } })

  return {
    transport,
    refuse,
    receive: (message) => transport.onmessage?.(message),
    cancel(id, reason) {
      if (!open.has(id)) return
      transport.onmessage?.({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: id, reason },
      })
      refuse(id, new RpcError(rpcCodes.failed, 'The call was cancelled.'))
    },
    async *outgoing() {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) yield message
        else if (open.size === 0) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}
