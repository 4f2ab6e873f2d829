import { problem } from '@holdfast/contracts/problems'
import type { Problem } from '@holdfast/contracts/kit/problem'
import type { Ids } from '@holdfast/kernel/id'
import { ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { renderProblem } from './problem-writer.ts'

/**
 * Answers what Node's HTTP parser refuses before there is a request: too slow, too large, or no HTTP at all. Such a
 * client reads the same form of problem as any other. The path is unknown, so it is the form of `/api`.
 */
export function createClientErrorHandler({ ids }: { ids: Ids }) {
  return (error: Error & { code?: string }, socket: Duplex): void => {
    // Nobody is left to read, or a second request on the connection spoilt it while the answer to the first is under way.
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy()
      return
    }
    refuseOnSocket(socket, refusalOf(error), ids.uuid())
  }
}

/** Answers a connection that has no response object, and closes it. */
export function refuseOnSocket(socket: Duplex, refusal: Problem, requestId: string): void {
  const { status, headers, body } = renderProblem(refusal, '/api/', requestId)
  const payload = Buffer.from(JSON.stringify(body))
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': payload.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`)
  // What is still arriving is not read: a client that never stops sending must not keep the connection.
  socket.end(payload, () => socket.destroy())
}

function refusalOf(error: Error & { code?: string }): Problem {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request.timed_out', { cause: error })
    case 'HPE_HEADER_OVERFLOW':
      return problem('request.headers_too_large', { cause: error })
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problem('request.too_large', { cause: error })
    default:
      return problem('request.malformed', {
        sentence: 'This is not a valid HTTP/1.1 request. Check the client, or the proxy in front of it.',
        cause: error,
      })
  }
}

/** Node keeps the answer that is under way on the socket; its own handler decides by the same property. */
function isAnswering(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return answer instanceof ServerResponse && answer.headersSent
}
