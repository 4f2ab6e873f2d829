import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem } from '@holdfast/contracts/problems'
import { type VouchedClient, vouchedClientHeader } from '@holdfast/kernel/crypto/vouched-client'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import { parseCookie } from 'cookie'
import type { Actor } from '../../../context.ts'
import { clientAddress } from '../../../http/client-address.ts'
import type { Authenticate, Csrf } from '../../../credential.ts'
import { checkCsrfToken, credentialOf } from '../../../http/guard.ts'
import type { Tracing } from '../../../tracing/tracing.ts'
import type { EndpointModel, Match, Snapshots } from '../model.ts'
import { type BodyShare, createBodyBudget } from './body-budget.ts'
import type { Answer, Call } from './call.ts'
import type { Calls } from './calls.ts'
import { drained } from './drained.ts'
import { readText } from './request-body.ts'
import type { Runtime } from './runtime.ts'

/** Takes requests for records straight from the socket. Everything that HTTP demands of an answer is here. */
export interface Intercept {
  /** True when it has taken the request over. */
  take(request: IncomingMessage, response: ServerResponse): boolean
  /**
   * From now on new requests are refused and connections close after their answer. Resolves when none is in flight; those
   * that still are after `withinMs` are cut off, because a client that sends a byte now and then would never end.
   */
  drain(withinMs: number): Promise<void>
}

/** Whose request a gateway passes on; null when what the header says is not to be believed. */
export type VouchedClientOf = (
  header: string,
  request: { endpointId: string; method: string; path: string },
) => Promise<VouchedClient | null>

interface Needs {
  snapshots: Pick<Snapshots, 'current'>
  runtime: Runtime
  calls: Pick<Calls, 'record'>
  authenticate: Authenticate
  csrf: Csrf
  vouchedClient: VouchedClientOf
  ids: Ids
  logger: Pick<Logger, 'warn'>
  trustedProxies: number
  tracing: Pick<Tracing, 'found'> | null
}

/** All bodies of record requests at one time: what is parsed of them takes a multiple of it. */
const bodiesSizeBytesMax = 256 * 1024 * 1024
const anonymous: Actor = { kind: 'anonymous' }
/** Of a gateway that is not believed not even its own address counts: no network rule admits it. */
const unknownClient: VouchedClient = { address: 'unknown', host: null }
const jsonHeaders = ['content-type', 'application/json; charset=utf-8', 'x-content-type-options', 'nosniff']

export function createIntercept(needs: Needs): Intercept {
  const { snapshots, runtime, calls, ids, logger, tracing } = needs
  const bodies = createBodyBudget(bodiesSizeBytesMax)
  const inFlight = new Set<ServerResponse>()
  let isDraining = false
  let whenIdle: (() => void) | undefined

  function finish(response: ServerResponse): void {
    inFlight.delete(response)
    if (inFlight.size === 0) whenIdle?.()
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
    let requestId = requestIdOf(request.headers['x-request-id']) ?? null
    const answer = await runtime.answer(
      match,
      call,
      () => (requestId ??= ids.uuid()),
      (viewer) => (actor = viewer.actor),
    )
    // Streams are recorded when they open: their end says nothing about how fast they were served.
    record(match.endpoint, call, request, answer.status, startedMs, actor, requestId)
    await send(answer, request, response)
  }

  /** A request that a gateway passes on is that of the gateway's client. */
  async function serveVouched(
    match: Match,
    header: string,
    makeCall: (client: VouchedClient) => Call,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const stranger = makeCall(unknownClient)
    const { method, path } = stranger
    let client: VouchedClient | null
    try {
      client = await needs.vouchedClient(header, { endpointId: match.endpoint.id, method, path })
    } catch (error) {
      return send(runtime.refuse(error, stranger, ids.uuid()), request, response)
    }
    return serve(match, client === null ? stranger : makeCall(client), request, response)
  }

  function record(
    endpoint: EndpointModel,
    call: Call,
    request: IncomingMessage,
    status: number,
    startedMs: number,
    actor: Actor,
    requestId: string | null,
  ): void {
    calls.record(endpoint, {
      method: call.method,
      path: call.path,
      status,
      durationMs: performance.now() - startedMs,
      ip: call.ip,
      userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
      actor,
      requestId,
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
      const query = mark < 0 ? '' : url.slice(mark + 1)
      const share = bodies.open()
      const makeCall = (client: VouchedClient | null) =>
        callOf(needs, request, response, { method, path, query, client, share })
      const call = makeCall(null)
      const vouched = request.headers[vouchedClientHeader]
      inFlight.add(response)
      let served: Promise<void>
      if (isDraining) {
        served = send(
          runtime.refuse(problem('server.stopping', { retryAfterSeconds: 2 }), call, ids.uuid()),
          request,
          response,
        )
      } else if ('allowedMethods' in match) {
        served = send(otherMethods(match.allowedMethods, call), request, response)
      } else if (vouched === undefined) served = serve(match, call, request, response)
      else served = serveVouched(match, String(vouched), makeCall, request, response)
      served
        // Only writing to a socket that is gone ends here.
        .catch((error: unknown) => void response.destroy(error instanceof Error ? error : undefined))
        .finally(() => {
          share.release()
          finish(response)
        })
      return true
    },
    async drain(withinMs) {
      isDraining = true
      if (inFlight.size === 0) return
      await new Promise<void>((resolve) => {
        whenIdle = resolve
        setTimeout(resolve, withinMs).unref()
      })
      if (inFlight.size > 0)
        logger.warn({ requests: inFlight.size }, 'Requests that did not end were cut off')
      for (const response of inFlight) response.destroy()
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
    {
      method,
      path,
      query,
      client,
      share,
    }: Pick<Call, 'method' | 'path' | 'query'> & { client: VouchedClient | null; share: BodyShare },
  ): Call {
    const { headers } = request
    let actor: Promise<Actor> | undefined
    let peer: string | undefined
    /** Who connected: what a token's list of addresses is compared with, gateway or not. */
    const peerAddress = () =>
      (peer ??= clientAddress(request.socket.remoteAddress, text('x-forwarded-for'), trustedProxies))
    const text = (name: string) => {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    }
    let gone: AbortController | undefined
    const call: Call = {
      method,
      path,
      query,
      applyNetworkAccess: true,
      // The host that the client asked for is the gateway's.
      header: (name) => (name === 'host' && client !== null ? (client.host ?? undefined) : text(name)),
      headers: () =>
        Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : (value ?? ''),
          ]),
        ),
      get ip() {
        return client?.address ?? peerAddress()
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
      readText: () => readText(request, share),
    }

    async function identify(): Promise<Actor> {
      const credential = credentialOf(
        headers,
        headers.cookie === undefined ? {} : parseCookie(headers.cookie),
      )
      return (credential && (await authenticate(credential, { ip: peerAddress() }))) ?? anonymous
    }
    return call
  }
}

/** A client's own request id is kept when it is harmless to log. */
function requestIdOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : null
}
