import { createServer, type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Snapshot } from '../match/snapshot.ts'
import { refuse } from '../proxy/answer.ts'
import { type CallOptions, createCall } from '../proxy/create-call.ts'
import { answerOwnPage } from '../proxy/own-pages.ts'
import { serve } from '../proxy/serve.ts'
import { emptySnapshot } from '../match/snapshot.ts'
import { answerBroken, type ParserError } from './broken-request.ts'
import type { Counters } from './counters.ts'
import type { ThreadContext } from './thread-context.ts'

/** The side that clients see: Node's HTTP server, whose strict parser refuses ambiguous framing, within our bounds. */
export interface FrontServer {
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number>
  /** Takes no new connections; resolves when the last has ended. Idle ones end at once, others with their answer. */
  close(): Promise<void>
  destroyAll(): void
}

const backlog = 1_024
const connectionsCheckMs = 1_000
const serviceTimeoutMsMax = 600_000

export function createFrontServer(
  context: ThreadContext,
  counters: Counters,
  current: () => Snapshot | null,
): FrontServer {
  const { bounds } = context
  const sockets = new Set<Socket>()
  /** Those on which a request is being served. */
  const serving = new WeakSet<Socket>()

  const receive = (request: IncomingMessage, response: ServerResponse, options: CallOptions) => {
    const snapshot = current()
    counters.inFlight(1)
    const { upgradeSocket } = options
    // A response that gave its socket away to a WebSocket is not told of the end.
    if (upgradeSocket === null) {
      const { socket } = request
      serving.add(socket)
      response.once('close', () => {
        serving.delete(socket)
        counters.inFlight(-1)
      })
    } else upgradeSocket.once('close', () => counters.inFlight(-1))
    const call = createCall(context, snapshot ?? emptySnapshot(), request, response, options)
    if (snapshot !== null) serve(context, call)
    else if (!answerOwnPage(context, call))
      refuse(context, call, 'SERVICE_UNAVAILABLE', { message: 'There is no configuration to serve.' })
  }

  const server = createServer({
    headersTimeout: bounds.headersTimeoutMs,
    requestTimeout: bounds.requestTimeoutMs,
    keepAliveTimeout: bounds.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(connectionsCheckMs, bounds.headersTimeoutMs),
    maxHeaderSize: bounds.headersBytesMax,
    // Checked by ourselves: the answer is ours then, and has our shape.
    requireHostHeader: false,
    noDelay: true,
    insecureHTTPParser: false,
    shouldUpgradeCallback: (request) => /^websocket$/i.test(request.headers.upgrade ?? ''),
  })
  // Node would leave out what is too much, silently; here it is counted and refused.
  server.maxHeadersCount = 0
  server.maxConnections = bounds.connectionsMax
  // The last resort against clients that take nothing of an answer: longer than any service may take to begin one.
  server.setTimeout(bounds.idleTimeoutMs + serviceTimeoutMsMax)
  server.on('request', (request, response) => {
    receive(request, response, { expectsContinue: false, upgradeSocket: null })
  })
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    receive(request, response, { expectsContinue: true, upgradeSocket: null })
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const options = { expectsContinue: false, upgradeSocket: null }
    const call = createCall(context, current() ?? emptySnapshot(), request, response, options)
    refuse(context, call, 'EXPECTATION_FAILED', { close: true })
  })
  server.on('upgrade', (request: IncomingMessage, duplex, rest: Buffer) => {
    const socket = duplex as Socket
    if (rest.length > 0) socket.unshift(rest)
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    socket.on('error', () => socket.destroy())
    // An answer that is no upgrade ends the connection: nobody reads requests from it any more.
    response.once('finish', () => {
      if (response.socket !== null) socket.end()
    })
    receive(request, response, { expectsContinue: false, upgradeSocket: socket })
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    counters.connections(1)
    socket.once('close', () => {
      sockets.delete(socket)
      counters.connections(-1)
    })
  })
  server.on('clientError', (error: ParserError, duplex) => {
    const socket = duplex as Socket
    answerBroken(context, error, socket, serving.has(socket))
  })

  return {
    listen({ host, port, reusePort }) {
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port, backlog, reusePort }, () => {
          server.off('error', reject)
          const address = server.address()
          resolve(typeof address === 'object' && address !== null ? address.port : port)
        })
      })
    },
    close() {
      if (!server.listening) return Promise.resolve()
      return new Promise((resolve) => server.close(() => resolve()))
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
