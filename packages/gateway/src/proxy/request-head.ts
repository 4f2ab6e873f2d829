import type { IncomingMessage } from 'node:http'
import { useOf } from './header-names.ts'

/** What the gateway must know of a request's head, found in one pass; the rest passes as it came. */
export interface RequestHead {
  host: string | null
  hostCount: number
  /** Headers that pass, as text. */
  passed: string
  /** Headers about the client that pass from a trusted proxy alone, as text. */
  claims: string
  connection: string | null
  te: string | null
  upgrade: string | null
  contentLength: string | null
  transferEncoding: string | null
  authorization: string | null
  apiKey: string | null
  origin: string | null
  userAgent: string | null
  forwardedFor: string | null
  forwardedProto: string | null
  forwardedHost: string | null
  requestId: string | null
  traceparent: string | null
  /** Cookies among which is the session of the control plane, which is none of a service's business. */
  sessionCookie: string | null
  tracestate: string | null
  corsMethod: string | null
  corsHeaders: string | null
  /** A credential came twice: which one counts would be a guess. */
  isAmbiguous: boolean
}

export function readRequestHead(request: IncomingMessage): RequestHead {
  const head: RequestHead = {
    host: null,
    hostCount: 0,
    passed: '',
    claims: '',
    connection: null,
    te: null,
    upgrade: null,
    contentLength: null,
    transferEncoding: null,
    authorization: null,
    apiKey: null,
    origin: null,
    userAgent: null,
    forwardedFor: null,
    forwardedProto: null,
    forwardedHost: null,
    requestId: null,
    traceparent: null,
    sessionCookie: null,
    tracestate: null,
    corsMethod: null,
    corsHeaders: null,
    isAmbiguous: false,
  }
  const raw = request.rawHeaders
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    switch (useOf(name)) {
      case 'pass':
        head.passed += `${name}: ${value}\r\n`
        break
      case 'user-agent':
        head.userAgent = value
        head.passed += `${name}: ${value}\r\n`
        break
      case 'host':
        head.host = value
        head.hostCount += 1
        break
      default:
        readSpecial(head, name, value)
    }
  }
  return head
}

function readSpecial(head: RequestHead, name: string, value: string): void {
  switch (useOf(name)) {
    case 'connection':
      head.connection = joined(head.connection, value)
      break
    case 'te':
      head.te = joined(head.te, value)
      break
    case 'upgrade':
      head.upgrade = joined(head.upgrade, value)
      break
    case 'content-length':
      head.contentLength = value
      break
    case 'transfer-encoding':
      head.transferEncoding = value
      break
    case 'authorization':
      if (head.authorization !== null) head.isAmbiguous = true
      head.authorization = value
      break
    case 'x-api-key':
      if (head.apiKey !== null) head.isAmbiguous = true
      head.apiKey = value
      break
    case 'x-forwarded-for':
      head.forwardedFor = joined(head.forwardedFor, value)
      break
    case 'x-forwarded-proto':
      head.forwardedProto ??= value
      break
    case 'x-forwarded-host':
      head.forwardedHost ??= value
      break
    case 'x-request-id':
      head.requestId = value
      break
    case 'traceparent':
      head.traceparent = head.traceparent === null ? value : ''
      break
    case 'cookie':
      if (value.includes(sessionCookie)) head.sessionCookie = joined(head.sessionCookie, value, '; ')
      else head.passed += `${name}: ${value}\r\n`
      break
    case 'tracestate':
      head.tracestate = joined(head.tracestate, value)
      break
    case 'claim':
      head.claims += `${name}: ${value}\r\n`
      break
    case 'origin':
      head.origin = value
      head.passed += `${name}: ${value}\r\n`
      break
    case 'access-control-request-method':
      head.corsMethod = value
      head.passed += `${name}: ${value}\r\n`
      break
    case 'access-control-request-headers':
      head.corsHeaders = joined(head.corsHeaders, value)
      head.passed += `${name}: ${value}\r\n`
      break
    default:
  }
}

function joined(before: string | null, value: string, separator = ', '): string {
  return before === null ? value : `${before}${separator}${value}`
}

/** Browsers send the cookies of a host to all of its ports: also to a gateway beside its control plane. */
const sessionCookie = 'holdfast_session='

/** The other cookies; empty when there are none. */
export function withoutSession(cookies: string): string {
  return cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '' && !cookie.startsWith(sessionCookie))
    .join('; ')
}

/** Names in `Connection` that belong to the client's connection alone, beyond the usual ones; null when there are none. */
export function namedByConnection(connection: string | null): ReadonlySet<string> | null {
  if (connection === null || connection === 'keep-alive' || connection === 'close') return null
  const names = connection
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => !['', 'keep-alive', 'close', 'upgrade', 'te'].includes(name))
  return names.length === 0 ? null : new Set(names)
}

/** The headers that pass without those that `isDropped` names; what is claimed about the client only when that `isTrusted`. */
export function withoutHeaders(
  request: IncomingMessage,
  isTrusted: boolean,
  isDropped: (name: string) => boolean,
): string {
  const raw = request.rawHeaders
  let text = ''
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const use = useOf(name)
    const passes =
      use === 'pass' ||
      use === 'user-agent' ||
      use === 'origin' ||
      use.startsWith('access-control-') ||
      (use === 'cookie' && !(raw[index + 1] ?? '').includes(sessionCookie)) ||
      (isTrusted && use === 'claim')
    if (passes && !isDropped(name.toLowerCase())) text += `${name}: ${raw[index + 1] ?? ''}\r\n`
  }
  return text
}
