import cookiePlugin from '@fastify/cookie'
import { problem } from '@holdfast/contracts/problems'
import { isStream, isUpload } from '@holdfast/contracts/kit/media'
import { isMutation, type RouteShape } from '@holdfast/contracts/kit/route'
import type { Ids } from '@holdfast/kernel/id'
import type { Logger } from '@holdfast/kernel/logger'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isUtf8 } from 'node:buffer'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Context, UserActor } from '../context.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { admit, type Doorkeepers } from './admit.ts'
import { cookieOptions, renderAnswer } from './answer.ts'
import { checkAudited } from './audit-promise.ts'
import { challengeFor } from './challenge.ts'
import { createClientErrorHandler } from './client-errors.ts'
import { type BoundRoute, Reply, type RequestFacts } from './handle.ts'
import {
  type InjectedAnswer,
  injectedAnswer,
  injectedOptions,
  type InjectedRequest,
  isInjected,
} from './inject.ts'
import { createMethodFinder } from './method-finder.ts'
import { notUtf8, renderProblem, toProblem } from './problem-writer.ts'
import { noteCaller, type Refusal, refusalOf } from './refusal.ts'
import { factsOf, requestIdOf } from './request-facts.ts'
import { createSockets, type SocketRoute } from './sockets.ts'
import { validate } from './validate.ts'

/**
 * The only file that knows Fastify. From each route value it derives, in this order: rate limit, authentication,
 * permission, CSRF, validation, the call, the check of the answer against its schema, and the audit promise.
 */
export interface HttpOptions extends Doorkeepers {
  routes: readonly BoundRoute[]
  logger: Logger
  ids: Ids
  /** Other limits than the usual ones; for tests. */
  arrival?: Partial<typeof arrivalLimits>
  /** Sees every request first; answers true when it has taken it over. The record runtime sits here. */
  intercept?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Null when nobody wants traces. */
  tracing?: Tracing | null
  /** WebSockets, on the same port. */
  sockets?: readonly SocketRoute[]
  /** Told of every answered request: the id of its route (`none` without one), the status, how long it took. */
  observe?: (routeId: string, status: number, durationMs: number) => void
  /** Told of every change that was refused to somebody with a good credential. */
  refused?: (refusal: Refusal) => void
  /** Serves what no route answers (the console); answers false when it has nothing either. */
  fallback?: (request: FallbackRequest) => Promise<FallbackAnswer | null>
}

export interface FallbackRequest {
  method: string
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}
export interface FallbackAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer | Readable | string
}

export interface HttpServer {
  /** Answers the address it listens on. */
  listen(options: { host: string; port: number }): Promise<{ host: string; port: number }>
  /** Answers what is in flight, refuses what is new, ends streams. */
  close(): Promise<void>
  /** Calls a route from inside, through everything but the socket. */
  inject(request: InjectedRequest): Promise<InjectedAnswer>
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

declare module 'fastify' {
  interface FastifyContextConfig {
    routeId?: string
  }
}

/**
 * How long a request may take to arrive, in milliseconds. Node looks at its connections every half minute unless told,
 * so a slow one would live that much longer than its limit.
 */
const arrivalLimits = { headersTimeout: 20_000, requestTimeout: 300_000, connectionsCheckingInterval: 1_000 }

/** A stopping server waits so long for answers under way; then it hangs up. */
const closeWithinMs = 3_000
const bodySizeBytesDefault = 10 * 1024 * 1024

export function createHttpServer(options: HttpOptions): HttpServer {
  const stopping = new AbortController()
  const sockets = createSockets(options.sockets ?? [], options)
  const { intercept, tracing = null } = options
  const listener = (handler: Handler) => (request: IncomingMessage, response: ServerResponse) => {
    if (!intercept?.(request, response)) handler(request, response)
  }
  const app = Fastify({
    logger: false,
    bodyLimit: bodySizeBytesDefault,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: 'idle',
    requestTimeout: 0,
    clientErrorHandler: createClientErrorHandler(options),
    // What Fastify refuses before it knows the route is written as every other problem.
    frameworkErrors: (error, request, reply) => void sendProblem(options, error, request, reply),
    genReqId: (request) => requestIdOf(request.headers['x-request-id']) ?? options.ids.uuid(),
    serverFactory: (handler) =>
      createServer(
        {
          ...arrivalLimits,
          ...options.arrival,
          maxHeaderSize: 16_384,
          shouldUpgradeCallback: (request) => sockets.isWanted(request),
        },
        tracing === null ? listener(handler) : tracing.around(listener(handler)),
      ).on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head)),
  })
  void app.register(cookiePlugin)
  app.removeContentTypeParser('text/plain')
  // Clients that say "JSON" on every request say it on a DELETE without a body too: nothing is no broken JSON.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else if (!isUtf8(body)) done(notUtf8(), undefined)
    else parseJson(request, body.toString('utf8'), done)
  })
  // Everything that is not JSON reaches `validate` as a stream and is refused there unless the route takes uploads.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.setErrorHandler((error, request, reply) => sendProblem(options, error, request, reply))
  app.addHook('onResponse', async ({ routeOptions }, reply) => {
    options.observe?.(routeOptions.config.routeId ?? 'none', reply.statusCode, reply.elapsedTime)
  })
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff')
  })
  // Routes are added once the plugins above are loaded.
  for (const takesUploads of [false, true]) {
    void app.register(async (scope) => {
      // What is uploaded reaches its route as it came, JSON as well.
      if (takesUploads) scope.removeContentTypeParser('application/json')
      for (const bound of options.routes)
        if (isUpload(bound.route.body) === takesUploads) mount(scope, bound, options, stopping.signal)
    })
  }
  const allowedMethods = createMethodFinder(options.routes.map(({ route }) => route))
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const answer = await options.fallback?.({ method: request.method, path, headers: request.headers })
    if (answer) return reply.code(answer.status).headers(answer.headers).send(answer.body)
    const allowed = allowedMethods(path)
    if (allowed.length === 0) throw problem('request.route_unknown')
    void reply.header('allow', allowed.join(', '))
    if (request.method === 'OPTIONS') return reply.code(204).send()
    throw problem('request.method_not_allowed')
  })
  return {
    async listen({ host, port }) {
      await app.listen({ host, port })
      const address = app.server.address()
      if (address === null || typeof address === 'string') throw new Error('The server has no TCP address.')
      return { host: address.address, port: address.port }
    },
    async close() {
      stopping.abort()
      const late = setTimeout(() => app.server.closeAllConnections(), closeWithinMs)
      await sockets.close()
      await app.close()
      clearTimeout(late)
    },
    async inject(request) {
      return injectedAnswer(await app.inject(injectedOptions(request)))
    },
  }
}

function mount(
  app: FastifyInstance,
  { route, handler }: BoundRoute,
  options: HttpOptions,
  stopping: AbortSignal,
): void {
  const contexts = new WeakMap<FastifyRequest, Context>()
  const answersStream = Object.values(route.answers).some(isStream)
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: route.bodySizeBytesMax ?? bodySizeBytesDefault,
    config: { routeId: route.id },
    onRequest: async (request, reply) => {
      options.tracing?.found(request.raw, route.id, route.path)
      const known = (actor: UserActor) => noteCaller(request, actor, route.path)
      contexts.set(request, await admit(route, options, request, reply, { stopping, known }))
      // It may never end, or be larger than the memory that it would be collected in.
      if (answersStream && isInjected(request.raw)) throw problem('request.stream_uncollectable')
    },
    handler: async (request, reply) => {
      options.tracing?.found(request.raw, route.id, route.path)
      const ctx = contexts.get(request)
      if (ctx === undefined) throw new Error('A request reached its handler without passing the guard.')
      const length = request.headers['content-length']
      const input = validate(route, {
        params: request.params,
        query: request.query,
        body: isMutation(route.method) ? request.body : undefined,
        contentType: request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase(),
        sizeBytes: length === undefined ? null : Number(length),
      })
      const facts = factsOf(request, options.trustedProxies)
      const result = await handler(ctx, input, facts)
      checkAudited(route, ctx)
      return send(route, result instanceof Reply ? result : new Reply(result), reply, facts)
    },
  })
}

function send(
  route: RouteShape,
  result: Reply<unknown>,
  reply: FastifyReply,
  { scheme }: RequestFacts,
): FastifyReply {
  const { status, headers, payload } = renderAnswer(route, result)
  for (const cookie of result.cookies) {
    const how = cookieOptions(cookie, scheme)
    if (cookie.value === null) void reply.clearCookie(cookie.name, how)
    else void reply.setCookie(cookie.name, cookie.value, how)
  }
  return reply.code(status).headers(headers).send(payload)
}

function sendProblem(
  options: HttpOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = toProblem(error)
  if (refusal.status >= 500) {
    options.logger.error(
      {
        requestId: request.id,
        method: request.method,
        path: request.url.split('?', 1)[0],
        err: refusal.cause ?? refusal,
      },
      refusal.status === 500 ? 'A request failed' : 'A request could not be served',
    )
  }
  const refused = refusalOf(request, refusal, options.trustedProxies)
  if (refused !== null) options.refused?.(refused)
  const answer = renderProblem(refusal, request.url, request.id)
  // A refused upload may still be on its way: close instead of reading it to the end.
  if (isUploadRefused(request)) void reply.header('connection', 'close')
  const challenge = challengeFor(answer.status, factsOf(request, options.trustedProxies), request.url)
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...challenge })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(answer.body))
}

function isUploadRefused(request: FastifyRequest): boolean {
  return isMutation(request.method as RouteShape['method']) && !request.raw.complete
}
