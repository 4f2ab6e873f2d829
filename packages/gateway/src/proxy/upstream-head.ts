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
  const isProxied = context.trustedProxies > 0
  const passed =
    edits === null && named === null
      ? isProxied
        ? head.passed + head.claims
        : head.passed
      : withoutHeaders(
          call.request,
          isProxied,
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
    (isProxied ? head.forwardedHost : null) ?? call.authority ?? '',
    'x-request-id',
    call.requestId,
    // RFC 9110 §7.6.3: an intermediary names itself to the server.
    'via',
    '1.1 holdfast',
  ]
  pushTrace(fields, call)
  if (head.contentLength !== null) fields.push('content-length', head.contentLength)
  if (head.transferEncoding !== null) fields.push('transfer-encoding', 'chunked')
  if (call.awaitsContinue) fields.push('expect', '100-continue')
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
    name === 'content-length' ||
    name === 'transfer-encoding' ||
    name === 'expect' ||
    name === 'connection' ||
    name === 'upgrade'
  )
}

function textOf(fields: readonly string[]): string {
  let text = ''
  for (let index = 0; index < fields.length; index += 2) text += `${fields[index]}: ${fields[index + 1]}\r\n`
  return text
}

const traceparent = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-|$)/

/**
 * The client's trace, when it can be read (W3C Trace Context §3.2.2): as it came, and one of a version to come as this one
 * would write it. Else a trace begins here, as one that may be recorded, and the state of the other one does not pass (§3.3).
 */
function pushTrace(fields: string[], { head, id }: Call): void {
  const [, version, ids, flags = '00', rest] =
    head.traceparent === null ? [] : (traceparent.exec(head.traceparent) ?? [])
  if (head.traceparent === null || version === undefined || (version === '00' && rest !== '')) {
    const digits = id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24)
    fields.push('traceparent', `00-${digits}-${digits.slice(16)}-01`)
    return
  }
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  fields.push('traceparent', version === '00' ? head.traceparent : `00-${ids}-${isSampled ? '01' : '00'}`)
  if (head.tracestate !== null) fields.push('tracestate', head.tracestate)
}
