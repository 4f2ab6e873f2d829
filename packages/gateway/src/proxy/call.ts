import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { TakeResult } from '../limits/window-table.ts'
import type { CompiledRoute, CompiledService } from '../match/compiled.ts'
import type { Snapshot } from '../match/snapshot.ts'
import type { RequestHead } from './request-head.ts'

/** One request on its way through the gateway. */
export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly head: RequestHead
  /** The revision it is served under, from beginning to end. */
  readonly snapshot: Snapshot
  readonly method: string
  /** As it came, without the query. */
  readonly path: string
  /** With its `?`, or empty. */
  readonly query: string
  /** As it came: of the target when that names one, else of the `Host` header. */
  readonly authority: string | null
  /** Lower case, without a port. */
  readonly host: string | null
  /** UUIDv7, of the log entry too. */
  readonly id: string
  /** The client's own, when it is harmless; else `id`. */
  readonly requestId: string
  readonly clientAddress: string
  /** Wall clock. */
  readonly atMs: number
  /** Monotonic. */
  readonly startedMs: number
  /** The client waits for 100 before it sends its body (RFC 9110 §10.1.1). */
  awaitsContinue: boolean
  /** The client's bare socket, when it asks for a WebSocket. */
  readonly upgradeSocket: Socket | null
  route: CompiledRoute | null
  service: CompiledService | null
  consumerId: string | null
  /** The member of the organization whose platform token came. */
  userId: string | null
  /** Monotonic: when the platform token ends. A stream or a WebSocket that it opened ends with it. */
  credentialEndsMs: number
  /** The credential was for the gateway or the platform and stays here. */
  keepsAuthorization: boolean
  keepsApiKey: boolean
  limit: number | null
  readonly limitResult: TakeResult
  downstreamLatencyMs: number | null
  isRecorded: boolean
}
