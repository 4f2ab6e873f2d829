import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import type { ResponseHead } from './response-parser.ts'
import { openTunnel } from './tunnel.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** The service has agreed to a WebSocket (RFC 6455 §4): passes its answer on and joins the two sockets. */
export function switchProtocols(
  context: ThreadContext,
  call: Call,
  head: ResponseHead,
  connection: UpstreamConnection,
): void {
  const { response, upgradeSocket: client } = call
  const { socket, leftover } = connection.detach()
  if (client === null) {
    socket.destroy()
    return
  }
  let text = `HTTP/1.1 101 ${head.reason}\r\n`
  for (let index = 0; index < head.headers.length; index += 2) {
    text += `${head.headers[index]}: ${head.headers[index + 1]}\r\n`
  }
  response.detachSocket(client)
  client.write(`${text}x-request-id: ${call.requestId}\r\n\r\n`, 'latin1')
  if (leftover.length > 0) client.write(leftover)
  openTunnel(context, client, socket, call)
  context.recorder.record(call, 101, null, null)
}
