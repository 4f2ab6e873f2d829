import type { Problem } from '@holdfast/contracts/kit/problem'
import { problem } from '@holdfast/contracts/problems'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { refuseOnSocket } from './client-errors.ts'
import { addressOf } from './request-facts.ts'

/** A WebSocket that an area answers (RFC 6455). Who may talk is its own business: there is no credential to go by yet. */
export interface SocketRoute {
  path: string
  /** A longer message ends the connection with 1009. */
  messageBytesMax: number
  /** Looked at before the handshake is answered; a problem refuses it. */
  refusal?: (facts: SocketFacts) => Problem | null
  connected: (socket: WebSocket, facts: SocketFacts) => void
}

export interface SocketFacts {
  ip: string
}

export interface Sockets {
  /** Whether a request is the beginning of one of them; all others are requests like any other. */
  isWanted(request: IncomingMessage): boolean
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Says goodbye (1001), and hangs up on who does not answer. */
  close(): Promise<void>
}

const socketsMax = 10_000
const goodbyeMs = 1_000
const goingAway = 1001

/**
 * WebSockets of all areas on the server's one port. A browser's page of another origin is refused: it would talk with
 * the rights of whoever looks at it (RFC 6455 §10.2). Programs send no origin.
 */
export function createSockets(
  routes: readonly SocketRoute[],
  { trustedProxies, ids, logger }: { trustedProxies: number; ids: Ids; logger: Logger },
): Sockets {
  const known = new Map(
    routes.map((route) => [
      route.path,
      {
        route,
        server: new WebSocketServer({
          noServer: true,
          maxPayload: route.messageBytesMax,
          perMessageDeflate: false,
        }),
      },
    ]),
  )
  const open = () => [...known.values()].flatMap(({ server }) => [...server.clients])
  let isClosing = false

  function refusalOf(request: IncomingMessage, route: SocketRoute, facts: SocketFacts): Problem | null {
    if (isClosing) return problem('server.stopping', { retryAfterSeconds: 2 })
    if (!isOwnOrigin(request, trustedProxies > 0))
      return problem('auth.forbidden', { sentence: 'Pages of another origin cannot connect here.' })
    if (open().length >= socketsMax)
      return problem('request.limited', {
        sentence: 'Too many connections are open. Try again later.',
        retryAfterSeconds: 30,
      })
    return route.refusal?.(facts) ?? null
  }

  return {
    isWanted: (request) =>
      request.method === 'GET' &&
      request.headers.upgrade?.toLowerCase() === 'websocket' &&
      known.has(pathOf(request)),

    upgrade(request, socket, head) {
      const found = known.get(pathOf(request))
      // A client that hangs up during the handshake is nobody's failure.
      socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket handshake broke off'))
      const facts = { ip: addressOf({ headers: request.headers, socket: request.socket }, trustedProxies) }
      const refusal =
        found === undefined ? problem('request.route_unknown') : refusalOf(request, found.route, facts)
      if (found === undefined || refusal !== null) {
        refuseOnSocket(socket, refusal ?? problem('request.route_unknown'), ids.uuid())
        return
      }
      found.server.handleUpgrade(request, socket, head, (accepted) => found.route.connected(accepted, facts))
    },

    async close() {
      isClosing = true
      const sockets = open()
      const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of sockets) socket.close(goingAway, 'The server is stopping')
      const late = setTimeout(() => {
        for (const socket of sockets) socket.terminate()
      }, goodbyeMs)
      await Promise.all(gone)
      clearTimeout(late)
    },
  }
}

const pathOf = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? '/'

function isOwnOrigin({ headers }: IncomingMessage, proxied: boolean): boolean {
  if (headers.origin === undefined) return true
  const forwarded = proxied ? headers['x-forwarded-host'] : undefined
  const host = typeof forwarded === 'string' ? forwarded : headers.host
  return URL.canParse(headers.origin) && new URL(headers.origin).host === host?.toLowerCase()
}
