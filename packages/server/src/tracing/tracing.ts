import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Part } from '@holdfast/kernel/lifecycle'
import type { Logger } from '@holdfast/kernel/logger'
import type { Config } from '../config.ts'
import type { OpenSpan, Spans } from './spans.ts'

/**
 * Traces of what the server does: one span per request, per job and per outgoing call, as their parents and children.
 *
 * The libraries are loaded when it starts, and only a server that was told where to send traces has one of these;
 * everybody else holds null and asks nothing further. Names are those of routes and jobs, never what a client sends.
 */
export interface Tracing {
  /** The same listener, with a span around each request that it is given. */
  around(listener: Listener): Listener
  /** Says which route a request has found, and the pattern of its path; makes its span the current one. */
  found(request: IncomingMessage, routeId: string, pattern: string): void
  /** A job, which has no parent: it may run long after what has asked for it, on another server. */
  job<T>(name: string, run: () => Promise<T>): Promise<T>
  /** A call to somebody else. `send` is given the headers that continue the trace there. */
  call<T extends { status: number }>(
    to: { method: string; host: string },
    send: (headers: Readonly<Record<string, string>>) => Promise<T>,
  ): Promise<T>
  part: Part
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Null when no OTEL_EXPORTER_OTLP_ENDPOINT is set. */
export function createTracing(config: Config, logger: Logger): Tracing | null {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint === undefined) return null
  const current = new AsyncLocalStorage<OpenSpan>()
  const ofRequests = new WeakMap<IncomingMessage, OpenSpan>()
  let spans: Spans | undefined

  async function follow<T>(span: OpenSpan, run: () => Promise<T>): Promise<T> {
    try {
      return await current.run(span, run)
    } catch (error) {
      span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }

  return {
    around: (listener) => (request, response) => {
      const span = spans?.request(request.method ?? 'GET', request.headers)
      if (span === undefined) return listener(request, response)
      ofRequests.set(request, span)
      response.once('close', () => {
        span.answered(response.statusCode)
        span.end()
      })
      current.run(span, listener, request, response)
    },

    found(request, routeId, pattern) {
      const span = ofRequests.get(request)
      if (span === undefined) return
      span.route(routeId, pattern)
      // What reads the body goes on in the connection's context, which knows nothing of this request.
      current.enterWith(span)
    },

    job: (name, run) => (spans === undefined ? run() : follow(spans.job(name), run)),

    call(to, send) {
      if (spans === undefined) return send({})
      const span = spans.call(to, current.getStore())
      return follow(span, async () => {
        const answer = await send(span.headers())
        span.answered(answer.status)
        return answer
      })
    },

    part: {
      name: 'traces',
      async start() {
        const { createSpans } = await import('./spans.ts')
        spans = createSpans({
          endpoint,
          headers: config.OTEL_EXPORTER_OTLP_HEADERS,
          serviceName: config.OTEL_SERVICE_NAME,
          ratio: config.OTEL_TRACES_SAMPLER_ARG,
          logger,
        })
      },
      /** Sends what is still here. */
      async stop() {
        await spans?.stop()
      },
    },
  }
}
