import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Snapshot } from '../match/snapshot.ts'
import { clientAddress } from '../policies/client-address.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import { readRequestHead } from './request-head.ts'

const harmlessId = /^[\w.:-]{1,128}$/
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i

export interface CallOptions {
  expectsContinue: boolean
  upgradeSocket: Socket | null
}

export function createCall(
  context: ThreadContext,
  snapshot: Snapshot,
  request: IncomingMessage,
  response: ServerResponse,
  { expectsContinue, upgradeSocket }: CallOptions,
): Call {
  const startedMs = performance.now()
  const atMs = context.nowMs()
  const head = readRequestHead(request)
  let target = request.url ?? '/'
  let authority = head.host
  if (target.charCodeAt(0) !== 47) {
    // A request to a proxy names the host in its target, and that one counts (RFC 9112 §3.2.2).
    const [, named, rest] = absoluteForm.exec(target) ?? []
    if (named !== undefined) {
      authority = named
      target = rest === undefined || rest === '' ? '/' : rest.startsWith('/') ? rest : `/${rest}`
    }
  }
  const mark = target.indexOf('?')
  const id = eventId(atMs)
  return {
    request,
    response,
    head,
    snapshot,
    method: request.method ?? 'GET',
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? '' : target.slice(mark),
    authority,
    host: authority === null ? null : hostOf(authority),
    id,
    requestId: head.requestId !== null && harmlessId.test(head.requestId) ? head.requestId : id,
    clientAddress: clientAddress(
      request.socket.remoteAddress ?? '',
      head.forwardedFor,
      context.trustedProxies,
    ),
    atMs,
    startedMs,
    awaitsContinue: expectsContinue,
    upgradeSocket,
    route: null,
    service: null,
    consumerId: null,
    userId: null,
    credentialEndsMs: Number.POSITIVE_INFINITY,
    keepsAuthorization: false,
    keepsApiKey: false,
    limit: null,
    limitResult: { isAllowed: true, remaining: 0, resetMs: 0 },
    downstreamLatencyMs: null,
    isRecorded: false,
  }
}

/** Lower case, without the port; empty when it cannot be a host. */
function hostOf(authority: string): string {
  const host = authority.replace(/:\d*$/, '').toLowerCase()
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(host) ? host : ''
}

let lastMs = 0
let lastPrefix = ''

/** For a request and its log entry: UUIDv7 (RFC 9562 §5.7), its time part made once a millisecond. */
export function eventId(atMs: number): string {
  if (atMs !== lastMs) {
    const time = Math.floor(atMs).toString(16).padStart(12, '0')
    lastMs = atMs
    lastPrefix = `${time.slice(0, 8)}-${time.slice(8, 12)}-7`
  }
  return lastPrefix + randomUUID().slice(15)
}
