import {
  type GatewayMessage,
  linkCloseCodes,
  linkLimits,
  ServerMessage,
} from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { Logger } from '@holdfast/kernel/logger'
import { WebSocket } from 'ws'
import { reconnectDelayMs } from './backoff.ts'

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>
/** What the link does not deal with itself. */
export type Delivered = MessageOf<'config.snapshot' | 'config.changes' | 'telemetry.ack'>

/**
 * The connection to the control plane: dials, says who it is and what it holds, comes back after a break, and gives up
 * only when told that this key will not be taken again. A line that is silent for 40 seconds counts as broken.
 */
export interface Link {
  start(): void
  stop(): Promise<void>
  /** False when the link is down: the message is lost. */
  send(message: GatewayMessage): boolean
  status(): LinkStatus
}

export interface LinkStatus {
  phase: 'connecting' | 'connected' | 'waiting' | 'ended'
  /** When it came into this phase. */
  since: Date
  /** Attempts since it was last connected. */
  attempts: number
  /** Why it is not connected. */
  problem: string | null
}

export interface LinkHandlers {
  opened(welcome: MessageOf<'auth_ok'>['payload']): void
  closed(): void
  /** Answers a promise when it wants no more until that is done. */
  message(message: Delivered): Promise<void> | undefined
  unreadable(reason: string): void
  /** The control plane does not take this key any more; the link does not dial again. */
  ended(code: number, sentence: string): void
}

export interface LinkNeeds {
  serverUrl: URL
  /** What the `auth` message says; asked at every attempt. */
  introduction: () => Extract<GatewayMessage, { type: 'auth' }>['payload']
  handlers: LinkHandlers
  clock: Clock
  logger: Logger
  random: () => number
}

const answerWithinMs = 10_000
const tickMs = 5_000
/** A connection that lasted so long was a good one: the next break starts again with a short wait. */
const goodAfterMs = 30_000
/** One that was taken but broke sooner: four seconds, so that a server which fails on us is not dialled in a tight circle. */
const attemptsAfterShort = 3

const finalSentences = new Map<number, string>([
  [
    linkCloseCodes.invalidKey,
    'The control plane does not know this gateway key. Make a new one in the console.',
  ],
  [linkCloseCodes.keyRevoked, 'This gateway key was revoked. Make a new one in the console.'],
  [linkCloseCodes.suspended, 'The organization of this gateway is suspended.'],
])

export function createLink({ serverUrl, introduction, handlers, clock, logger, random }: LinkNeeds): Link {
  const url = linkUrl(serverUrl)
  let socket: WebSocket | null = null
  let cancelWait: (() => void) | null = null
  let attempts = 0
  let status: LinkStatus = { phase: 'waiting', since: clock.now(), attempts: 0, problem: null }

  function enter(phase: LinkStatus['phase'], problem: string | null): void {
    status = { phase, since: clock.now(), attempts, problem }
  }

  function dial(): void {
    cancelWait = null
    attempts += 1
    enter('connecting', status.problem)
    const current = new WebSocket(url, {
      handshakeTimeout: answerWithinMs,
      maxPayload: linkLimits.messageBytesMax,
      perMessageDeflate: false,
    })
    socket = current
    let authenticated = false
    let problem = 'The connection was closed.'
    let heardMs = clock.nowMs()
    let askedMs = heardMs
    const openedMs = heardMs
    let cancelTick = clock.after(tickMs, watch)

    /** Pings a line that is quiet, and ends one that does not answer. */
    function watch(): void {
      const nowMs = clock.nowMs()
      const silentMs = nowMs - heardMs
      if (!authenticated && nowMs - openedMs > answerWithinMs)
        end('The control plane did not answer in time.')
      else if (authenticated && silentMs > linkLimits.pingIntervalMs + answerWithinMs)
        end('The line fell silent.')
      else {
        if (authenticated && nowMs - askedMs >= linkLimits.pingIntervalMs) {
          askedMs = nowMs
          transmit({ type: 'ping' })
        }
        cancelTick = clock.after(tickMs, watch)
      }
    }
    function end(why: string): void {
      problem = why
      current.terminate()
    }
    function transmit(message: GatewayMessage): void {
      current.send(JSON.stringify(message))
    }

    current.on('open', () => transmit({ type: 'auth', payload: introduction() }))
    current.on('message', (data) => {
      heardMs = clock.nowMs()
      const message = readMessage(data)
      if (message === null) {
        if (authenticated) handlers.unreadable('A message could not be read.')
        return
      }
      if (message.type === 'ping') transmit({ type: 'pong' })
      else if (message.type === 'pong') return
      else if (message.type === 'auth_ok') {
        authenticated = true
        enter('connected', null)
        logger.info({ tenantId: message.payload.tenantId, revision: message.payload.configVersion }, 'Linked')
        handlers.opened(message.payload)
      } else if (authenticated) {
        const busy = handlers.message(message)
        if (busy === undefined) return
        current.pause()
        void busy.finally(() => {
          heardMs = clock.nowMs()
          current.resume()
        })
      }
    })
    current.on('error', (error) => {
      problem = sentenceOf(error)
    })
    current.on('close', (code, reason) => {
      cancelTick()
      if (socket !== current) return
      socket = null
      if (authenticated) handlers.closed()
      const final = finalSentences.get(code)
      if (final !== undefined) {
        enter('ended', final)
        logger.error({ code }, final)
        handlers.ended(code, final)
        return
      }
      if (authenticated)
        attempts = clock.nowMs() - openedMs >= goodAfterMs ? 0 : Math.min(attempts, attemptsAfterShort)
      wait(reason.length > 0 ? `${problem} (${code} ${reason.toString()})` : problem)
    })
  }

  function wait(problem: string): void {
    const delayMs = reconnectDelayMs(Math.max(1, attempts), random)
    enter('waiting', problem)
    logger.warn({ problem, attempts, delayMs: Math.round(delayMs) }, 'The control plane is out of reach')
    cancelWait = clock.after(delayMs, dial)
  }

  return {
    start: dial,
    async stop() {
      cancelWait?.()
      const current = socket
      socket = null
      enter('ended', 'The gateway is stopping.')
      if (current === null) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(1_000, () => current.terminate())
        current.once('close', () => {
          cancel()
          resolve()
        })
        if (current.readyState === WebSocket.CONNECTING) current.terminate()
        else current.close(linkCloseCodes.goingAway, 'stopping')
      })
    },
    send(message) {
      if (status.phase !== 'connected' || socket === null) return false
      socket.send(JSON.stringify(message))
      return true
    },
    status: () => status,
  }
}

/** `https://holdfast.example/base` → `wss://holdfast.example/base/gateway-ws`. */
function linkUrl(serverUrl: URL): URL {
  const url = new URL(serverUrl)
  url.protocol = serverUrl.protocol === 'https:' ? 'wss:' : 'ws:'
  url.pathname = `${serverUrl.pathname.replace(/\/+$/, '')}/gateway-ws`
  return url
}

function readMessage(data: unknown): ServerMessage | null {
  try {
    return ServerMessage.parse(JSON.parse(String(data)))
  } catch {
    // Whatever it was, the caller asks for a whole configuration, which mends every misunderstanding.
    return null
  }
}

function sentenceOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message
}
