import { linkCloseCodes } from '@holdfast/contracts/gateway/link'
import type { WebSocket } from 'ws'
import { writeMessage } from './rules.ts'

/** What of a connected gateway the tenant's hub works with. */
export interface Session {
  readonly connectionId: string
  readonly gatewayId: string
  readonly keyId: string
  readonly bootId: string
  /** Speaks the older form: whole configurations, no revisions. */
  readonly isLegacy: boolean
  /** The newest revision it was given; null when only a snapshot can follow. */
  given: { revision: number; checksum: string } | null
  /** The newest revision that it says is in force. */
  applied: { revision: number; checksum: string | null } | null
  /** Until what it has been given is on its way nothing more is given. */
  isSending: boolean
  /** Messages with reports of the older form, which are counted and not stored. */
  reportsLeftOut: number
  heardAtMs: number
  /** Whether it reads what it is sent. */
  isReading(): boolean
  /** Whether it takes more: not while it reads more slowly than it is sent to. */
  isReady(): boolean
  /** Resolves when the text has left this process, also when the connection ends meanwhile. */
  send(text: string): Promise<void>
  /** A batch is stored. Gateways of the older form know of no batches. */
  acknowledge(sequence: number): void
  close(code: keyof typeof linkCloseCodes, reason: string): void
  /** Hangs up on who does not answer. */
  terminate(): void
}

/** A gateway that leaves so much unread is given nothing more until it has read it. */
const unreadBytesMax = 1024 * 1024

export function createSession(
  socket: WebSocket,
  facts: Pick<
    Session,
    'connectionId' | 'gatewayId' | 'keyId' | 'bootId' | 'isLegacy' | 'given' | 'applied'
  > & {
    nowMs: number
  },
): Session {
  const { nowMs, ...identity } = facts
  return {
    ...identity,
    isSending: false,
    reportsLeftOut: 0,
    heardAtMs: nowMs,
    isReady() {
      return !this.isSending && this.isReading()
    },
    isReading: () => socket.readyState === socket.OPEN && socket.bufferedAmount < unreadBytesMax,
    send: (text) =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) resolve()
        // An error here is the end of the connection, which is told by its own event.
        else socket.send(text, () => resolve())
      }),
    acknowledge(sequence) {
      if (!this.isLegacy) void this.send(writeMessage({ type: 'telemetry.ack', payload: { sequence } }))
    },
    close: (code, reason) => socket.close(linkCloseCodes[code], reason),
    terminate: () => socket.terminate(),
  }
}
