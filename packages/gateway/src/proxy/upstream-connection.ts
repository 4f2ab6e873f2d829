import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { CompiledTarget } from '../match/compiled.ts'
import { createResponseParser, ResponseError, type ResponseHead } from './response-parser.ts'

/** One request on one connection: what it is told. */
export interface Exchange {
  onInterim(head: ResponseHead): void
  onHead(head: ResponseHead): void
  onBody(chunk: Buffer): void
  onEnd(trailers: readonly string[]): void
  /** Everything of one packet has been told: the moment to write what was put together. */
  onFlush(): void
  /** The request may go on writing its body. */
  onDrain(): void
  /** The connection is gone, or was given up. Nothing follows. */
  onError(error: Error): void
}

/** A connection to a service. It serves one exchange at a time and is used again after a clean end. */
export interface UpstreamConnection {
  /** Has served an exchange before: a failure at once may just mean that the service had closed it. */
  readonly isReused: boolean
  /** It has ended, although its end may not have been told yet. */
  readonly isEnded: boolean
  /** When the service is expected to close it while idle. */
  idleUntilMs: number
  send(exchange: Exchange, head: string, request: { method: string; isUpgrade: boolean }): void
  /** False: wait for `onDrain`. */
  write(chunk: string | Buffer): boolean
  cork(): void
  uncork(): void
  pause(): void
  resume(): void
  /** The whole request has been written. */
  requestEnded(): void
  /** Gives the bare socket away, after an answer of 101, with what has been read from it already. */
  detach(): { socket: Socket; leftover: Buffer }
  /** Ends the connection; the exchange is not told. */
  destroy(): void
}

export interface ConnectionEvents {
  /** May be used again. */
  onIdle(connection: UpstreamConnection, keepAliveMs: number | null): void
  onClose(connection: UpstreamConnection): void
}

export function openConnection(target: CompiledTarget, events: ConnectionEvents): UpstreamConnection {
  let exchange: Exchange | null = null
  let head: ResponseHead | null = null
  let isRequestOver = false
  let isAnswerOver = false
  let isDetached = false
  let isClosed = false
  let isReused = false

  const parser = createResponseParser({
    onInterim: (value) => exchange?.onInterim(value),
    onHead(value) {
      head = value
      exchange?.onHead(value)
    },
    onBody: (chunk) => exchange?.onBody(chunk),
    onEnd(trailers) {
      isAnswerOver = true
      exchange?.onEnd(trailers)
    },
  })
  const fail = (error: Error) => {
    const failed = exchange
    exchange = null
    socket.destroy()
    failed?.onError(error)
  }
  const settle = () => {
    if (!isAnswerOver || head === null) return
    const { isReusable, keepAliveMs } = head
    exchange = null
    // An answer before the request was over: what is still to come would be taken for the next request.
    if (!isReusable || !isRequestOver || isClosed || socket.destroyed) {
      socket.destroy()
      return
    }
    isReused = true
    isAnswerOver = false
    head = null
    // The last packet may have been more than the client took at once. Nobody else would let the next answer in.
    if (socket.isPaused()) socket.resume()
    events.onIdle(connection, keepAliveMs)
  }

  const socket = open(target)
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    if (isDetached) return
    const current = exchange
    try {
      parser.feed(chunk)
    } catch (error) {
      fail(error instanceof Error ? error : new ResponseError(String(error)))
      return
    }
    current?.onFlush()
    settle()
  })
  socket.on('drain', () => exchange?.onDrain())
  socket.on('end', () => {
    if (isDetached) return
    const current = exchange
    try {
      parser.finish()
    } catch (error) {
      fail(error instanceof Error ? error : new ResponseError(String(error)))
      return
    }
    // It may go on elsewhere: this connection has nothing more to tell it.
    exchange = null
    current?.onFlush()
    socket.destroy()
  })
  socket.on('error', (error) => {
    if (!isDetached) fail(error)
  })
  socket.on('close', () => {
    isClosed = true
    if (isDetached) return
    fail(new ResponseError('The service closed the connection before it answered.'))
    events.onClose(connection)
  })

  const connection: UpstreamConnection = {
    get isReused() {
      return isReused
    },
    get isEnded() {
      return socket.destroyed
    },
    idleUntilMs: 0,
    send(next, text, request) {
      exchange = next
      isRequestOver = false
      isAnswerOver = false
      head = null
      parser.expect(request)
      socket.write(text, 'latin1')
    },
    write: (chunk) => socket.write(chunk, 'latin1'),
    cork: () => socket.cork(),
    uncork: () => socket.uncork(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    requestEnded() {
      isRequestOver = true
    },
    detach() {
      isDetached = true
      exchange = null
      socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('drain')
      events.onClose(connection)
      return { socket, leftover: parser.leftover() ?? Buffer.alloc(0) }
    },
    destroy() {
      exchange = null
      socket.destroy()
    },
  }
  return connection
}

function open({ isTls, hostname, port }: CompiledTarget): Socket {
  if (!isTls) return connectTcp({ host: hostname, port })
  const name = isIP(hostname) === 0 ? { servername: hostname } : {}
  return connectTls({ host: hostname, port, ALPNProtocols: ['http/1.1'], ...name })
}
