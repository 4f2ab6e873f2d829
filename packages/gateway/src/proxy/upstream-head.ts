import { vouch, vouchedClientHeader } from '@holdfast/kernel/crypto/vouched-client'
import { plainAddress } from '../policies/client-address.ts'
import type { CompiledTarget } from '../match/compiled.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import { namedByConnection, withoutHeaders, withoutSession } from './request-head.ts'

/** The head of the request to the service. The client's headers pass in their spelling and order; the gateway's follow. */
export function upstreamHead(context: ThreadContext, call: Call, target: CompiledTarget): string {
  const { method, query, head, route } = call
  const edits = route?.requestEdits ?? null
  const named = namedByConnection(head.connection)
  const passed =
    edits === null && named === null
      ? head.passed
      : withoutHeaders(
          call.request,
          (name) => (edits?.dropped.has(name) ?? false) || (named?.has(name) ?? false),
        )
  const first = `${method} ${target.basePath}${forwardedPath(call)}${query} HTTP/1.1\r\n`
  if (edits === null)
    return `${first}host: ${target.host}\r\n${passed}${textOf(ownFields(context, call))}\r\n`
  const own = ownFields(context, call)
  let kept = ''
  for (let index = 0; index < own.length; index += 2) {
    const name = own[index] ?? ''
    if (isFraming(name) || !edits.dropped.has(name)) kept += `${name}: ${own[index + 1] ?? ''}\r\n`
  }
  const host = edits.dropped.has('host') ? '' : `host: ${target.host}\r\n`
  return `${first}${host}${passed}${kept}${textOf(edits.set)}\r\n`
}

/** As it came; without the route's own segments when the route says so. */
function forwardedPath({ path, route }: Call): string {
  const segments = route === null ? 0 : route.segmentsStripped
  let end = 0
  for (let count = 0; count < segments; count += 1) {
    end = path.indexOf('/', end + 1)
    if (end === -1) return '/'
  }
  return path.slice(end)
}

function ownFields(context: ThreadContext, call: Call): string[] {
  const { head } = call
  const peer = plainAddress(call.request.socket.remoteAddress ?? '')
  const isProxied = context.trustedProxies > 0
  const before = isProxied ? head.forwardedFor : null
  const fields = [
    'x-forwarded-for',
    before === null ? peer : `${before}, ${peer}`,
    'x-forwarded-proto',
    (isProxied ? head.forwardedProto : null) ?? 'http',
    'x-forwarded-host',
    (isProxied ? head.forwardedHost : null) ?? head.host ?? '',
    'x-request-id',
    call.requestId,
    'traceparent',
    traceparentOf(call),
    // RFC 9110 §7.6.3: an intermediary names itself to the server.
    'via',
    '1.1 holdfast',
  ]
  if (head.contentLength !== null) fields.push('content-length', head.contentLength)
  if (head.transferEncoding !== null) fields.push('transfer-encoding', 'chunked')
  if (head.authorization !== null && !call.keepsAuthorization) {
    fields.push('authorization', head.authorization)
  }
  if (head.apiKey !== null && !call.keepsApiKey) fields.push('x-api-key', head.apiKey)
  if (call.consumerId !== null) fields.push('x-consumer-id', call.consumerId)
  if (call.userId !== null) fields.push('x-user-id', call.userId)
  const cookie = head.sessionCookie === null ? '' : withoutSession(head.sessionCookie)
  if (cookie !== '') fields.push('cookie', cookie)
  if (call.service?.config.isPlatform === true && context.voucher !== null) {
    const client = { address: call.clientAddress, host: call.host }
    const request = { method: call.method, path: forwardedPath(call) }
    fields.push(vouchedClientHeader, vouch(context.voucher, client, request, call.atMs))
  }
  if (call.upgradeSocket !== null) fields.push('connection', 'Upgrade', 'upgrade', 'websocket')
  else if (head.te !== null && /\btrailers\b/i.test(head.te))
    fields.push('te', 'trailers', 'connection', 'te')
  return fields
}

function isFraming(name: string): boolean {
  return (
    name === 'content-length' || name === 'transfer-encoding' || name === 'connection' || name === 'upgrade'
  )
}

function textOf(fields: readonly string[]): string {
  let text = ''
  for (let index = 0; index < fields.length; index += 2) text += `${fields[index]}: ${fields[index + 1]}\r\n`
  return text
}

const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The client's, when it is proper; else a trace begins here (W3C Trace Context §3.2), as one that may be recorded. */
function traceparentOf({ head, id }: Call): string {
  if (head.traceparent !== null && traceparent.test(head.traceparent)) return head.traceparent
  const digits = id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24)
  return `00-${digits}-${digits.slice(16)}-01`
}
