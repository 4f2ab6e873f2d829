import type { Socket } from 'node:net'
import { plainAddress } from '../policies/client-address.ts'
import { eventId } from '../proxy/create-call.ts'
import { type RefusalCode, refusalBody, refusals } from '../proxy/refusals.ts'
import type { ThreadContext } from './thread-context.ts'

/** What Node says of a request that its parser refuses; `rawPacket` is what came last. */
export type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer }

const codes: Partial<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}
const requestLine = /^([A-Z]{1,32}) (\/[^\s?]{0,1999})/
const unknown = '-'

/**
 * What the parser refuses never becomes a request: it is answered on the bare socket, which ends with it, and stands in the
 * log with what can be told of it. `isServing`: it is the rest of a request that is being served, and is recorded as that.
 */
export function answerBroken(
  context: Pick<ThreadContext, 'nowMs' | 'recorder'>,
  error: ParserError,
  socket: Socket,
  isServing: boolean,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = codes[error.code ?? ''] ?? 'BAD_REQUEST'
  const [statusCode] = refusals[code]
  const atMs = context.nowMs()
  const id = eventId(atMs)
  // A connection on which nothing was said is no request: browsers open some in advance.
  if (!isServing && socket.bytesRead > 0) {
    const [, method = unknown, path = unknown] = requestLine.exec(firstLine(error)) ?? []
    const clientIp = plainAddress(socket.remoteAddress ?? '')
    context.recorder.recordBroken({ id, atMs, method, path, statusCode, clientIp, errorCode: code })
  }
  // An answer that has begun cannot be followed by another.
  if (socket.bytesWritten === 0) {
    const body = refusalBody(code, id)
    socket.write(
      `HTTP/1.1 ${statusCode} Refused\r\nconnection: close\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  }
  socket.destroySoon()
}

const firstLine = ({ rawPacket }: ParserError): string =>
  rawPacket?.subarray(0, 2_100).toString('latin1') ?? ''
