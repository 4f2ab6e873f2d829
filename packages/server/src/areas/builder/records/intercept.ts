import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem } from '@holdfast/contracts/problems'
import type { Ids } from '@holdfast/kernel/id'
import { parseCookie } from 'cookie'
import type { Actor } from '../../../context.ts'
import { clientAddress } from '../../../http/client-address.ts'
import type { Authenticate, Csrf } from '../../../credential.ts'
import { checkCsrfToken, credentialOf } from '../../../http/guard.ts'
import type { Tracing } from '../../../tracing/tracing.ts'
import type { EndpointModel, Match, Snapshots } from '../model.ts'
import type { Answer, Call } from './call.ts'
import type { Calls } from './calls.ts'
import { drained } from './drained.ts'
import { readText } from './request-body.ts'
import type { Runtime } from './runtime.ts'

/** Takes requests for records straight from the socket. Everything that HTTP demands of an answer is here. */
export interface Intercept {
  /** True when it has taken the request over. */
  take(request: IncomingMessage, response: ServerResponse): boolean
  /** From now on new requests are refused and connections close after their answer; resolves when none is in flight. */
  drain(): Promise<void>
}

interface Needs {
  snapshots: Pick<Snapshots, 'current'>
  runtime: Runtime
  calls: Pick<Calls, 'record'>
  authenticate: Authenticate
  csrf: Csrf
  ids: Ids
  trustedProxies: number
  tracing: Pick<Tracing, 'found'> | null
}

const anonymous: Actor = { kind: 'anonymous' }
const jsonHeaders = ['content-type', 'application/json; charset=utf-8', 'x-content-type-options', 'nosniff']

export function createIntercept(needs: Needs): Intercept {
  const { snapshots, runtime, calls, ids, tracing } = needs
  let inFlight = 0
  let isDraining = false
  let whenIdle: (() => void) | undefined

  function finish(): void {
    inFlight -= 1
    if (inFlight === 0) whenIdle?.()
  }

  async function serve(
    match: Match,
    call: Call,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const startedMs = performance.now()
    let actor = anonymous
    if (tracing !== null) tracing.found(request, 'records', match.endpoint.path)
    const requestId = () => requestIdOf(request.headers['x-request-id']) ?? ids.uuid()
    const answer = await runtime.answer(match, call, requestId, (viewer) => (actor = viewer.actor))
    // Streams are recorded when they open: their end says nothing about how fast they were served.
    record(match.endpoint, call, request, answer.status, startedMs, actor)
    await send(answer, request, response)
  }

  function record(
    endpoint: EndpointModel,
    call: Call,
    request: IncomingMessage,
    status: number,
    startedMs: number,
    actor: Actor,
  ): void {
    calls.record(endpoint, {
      method: call.method,
      path: call.path,
      status,
      durationMs: performance.now() - startedMs,
      ip: call.ip,
      userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
      actor,
    })
  }

  /** Writes head and body. Resolves when the last byte is handed over, or nobody is there to take it. */
  async function send(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = answer
    // A body that was refused may still be on its way: close instead of reading it to the end.
    if (isDraining || !request.complete) headers.push('connection', 'close')
    if (body === null || typeof body === 'string') {
      const hasBody = status !== 204 && status !== 304
      if (hasBody) headers.push('content-length', String(Buffer.byteLength(body ?? '')))
      response.writeHead(status, hasBody ? jsonHeaders.concat(headers) : headers)
      response.end(hasBody && request.method !== 'HEAD' ? body : undefined)
      return
    }
    response.writeHead(status, headers)
    response.flushHeaders()
    for await (const text of body) {
      if (response.destroyed) break
      if (!response.write(text)) await drained(response)
    }
    response.end()
  }

  return {
    take(request, response) {
      const { method = 'GET', url = '/' } = request
      const mark = url.indexOf('?')
      const path = mark < 0 ? url : url.slice(0, mark)
      const match = snapshots.current().match(method, path)
      if (match === null) return false
      const call = callOf(needs, request, response, method, path, mark < 0 ? '' : url.slice(mark + 1))
      inFlight += 1
      let served: Promise<void>
      if (isDraining) {
        served = send(
          runtime.refuse(problem('server.stopping', { retryAfterSeconds: 2 }), call, ids.uuid()),
          request,
          response,
        )
      } else if ('allowedMethods' in match) {
        served = send(otherMethods(match.allowedMethods, call), request, response)
      } else served = serve(match, call, request, response)
      served.then(finish, (error: unknown) => {
        // Only writing to a socket that is gone ends here.
        response.destroy(error instanceof Error ? error : undefined)
        finish()
      })
      return true
    },
    drain() {
      isDraining = true
      if (inFlight === 0) return Promise.resolve()
      return new Promise((resolve) => (whenIdle = resolve))
    },
  }

  function otherMethods(allowed: readonly string[], call: Call): Answer {
    const allow = ['allow', [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : [])].join(', ')]
    if (call.method === 'OPTIONS') return { status: 204, headers: allow, body: null }
    const refusal = runtime.refuse(problem('request.method_not_allowed'), call, ids.uuid())
    return { ...refusal, headers: [...refusal.headers, ...allow] }
  }

  function callOf(
    { authenticate, csrf, trustedProxies }: Needs,
    request: IncomingMessage,
    response: ServerResponse,
    method: string,
    path: string,
    query: string,
  ): Call {
    const { headers } = request
    let actor: Promise<Actor> | undefined
    let ip: string | undefined
    let gone: AbortController | undefined
    const call: Call = {
      method,
      path,
      query,
      applyNetworkAccess: true,
      header: (name) => {
        const value = headers[name]
        return Array.isArray(value) ? value.join(', ') : value
      },
      headers: () =>
        Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : (value ?? ''),
          ]),
        ),
      get ip() {
        return (ip ??= clientAddress(
          request.socket.remoteAddress,
          call.header('x-forwarded-for'),
          trustedProxies,
        ))
      },
      signal() {
        if (gone === undefined) {
          const controller = new AbortController()
          response.once('close', () => controller.abort())
          gone = controller
        }
        return gone.signal
      },
      actor: (options) => (actor = options?.fresh ? identify() : (actor ?? identify())),
      checkCsrf: (who) => checkCsrfToken(who, headers['x-csrf-token'], csrf),
      readText: () => readText(request),
    }

    async function identify(): Promise<Actor> {
      const credential = credentialOf(
        headers,
        headers.cookie === undefined ? {} : parseCookie(headers.cookie),
      )
      return (credential && (await authenticate(credential, { ip: call.ip }))) ?? anonymous
    }
    return call
  }
}

/** A client's own request id is kept when it is harmless to log. */
function requestIdOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : null
}
