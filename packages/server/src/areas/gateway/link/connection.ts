import { type GatewayMessage, linkCloseCodes, linkLimits } from '@holdfast/contracts/gateway/link'
import type { Clock } from '@holdfast/kernel/clock'
import type { WebSocket } from 'ws'
import { type Incoming, readMessage } from './rules.ts'

export type AuthMessage = Extract<GatewayMessage, { type: 'auth' }>['payload']
/** What listens once the key is known. */
export type Handler = (message: Exclude<Incoming, { type: 'auth' }>) => void

export interface ConnectionNeeds {
  clock: Clock
  /** Answers who handles what follows, or null when the connection has been closed instead. */
  authenticate: (auth: AuthMessage) => Promise<Handler | null>
  /** The key is known, or the connection is gone. */
  onDecided: () => void
  /** Nothing that makes sense came. */
  onFailed: () => void
}

/**
 * Reads a link message by message: first the key, within its time, then what belongs to the protocol. Whatever else
 * comes ends the connection and never more than that.
 */
export function readConnection(socket: WebSocket, needs: ConnectionNeeds): void {
  const { clock, authenticate, onDecided, onFailed } = needs
  let state: 'waiting' | 'deciding' | Handler | 'over' = 'waiting'
  /** What came while the key was looked up; the connection is not read on meanwhile. */
  const early: Incoming[] = []
  const cancelTimer = clock.after(linkLimits.authTimeoutMs, () => {
    if (state !== 'waiting') return
    onFailed()
    end(linkCloseCodes.authTimeout, 'No key came in time')
  })

  function end(code: number, reason: string): void {
    state = 'over'
    socket.close(code, reason)
  }

  async function decide(auth: AuthMessage): Promise<void> {
    state = 'deciding'
    socket.pause()
    const handler = await authenticate(auth)
    onDecided()
    if (isOver()) return
    state = handler ?? 'over'
    socket.resume()
    for (const message of early.splice(0)) receive(message)
  }
  // `state` changes while something is awaited, which the compiler does not see.
  const isOver = (): boolean => state === 'over'

  function receive(message: Incoming): void {
    if (state === 'over') return
    if (state === 'deciding') {
      early.push(message)
      return
    }
    if (state === 'waiting') {
      cancelTimer()
      if (message.type === 'auth') void decide(message.payload)
      else refuse()
      return
    }
    if (message.type === 'auth') refuse()
    else state(message)
  }

  function refuse(): void {
    if (state === 'waiting') onFailed()
    end(linkCloseCodes.protocol, 'This message does not belong here')
  }

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (state === 'over') return
    const message = isBinary ? null : readMessage(data.toString('utf8'))
    if (message === null) refuse()
    else receive(message)
  })
  socket.on('close', () => {
    state = 'over'
    cancelTimer()
    onDecided()
  })
}
