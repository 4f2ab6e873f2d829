import type { IncomingHttpHeaders } from 'node:http'
import { hostname } from 'node:os'
import type { Logger } from '@holdfast/kernel/logger'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { productVersion } from '../version.ts'

/** Spans as OpenTelemetry has them. Only tracing.ts loads this file, and only when somebody wants traces. */
export interface Spans {
  /** Continues the trace that the headers name, if they name one (W3C Trace Context). */
  request(method: string, headers: IncomingHttpHeaders): OpenSpan
  job(name: string): OpenSpan
  call(to: { method: string; host: string }, parent: OpenSpan | undefined): OpenSpan
  /** Sends what is waiting. A receiver that does not answer is not waited for longer than its time limit. */
  stop(): Promise<void>
}

export interface OpenSpan {
  context: Context
  route(id: string, pattern: string): void
  answered(status: number): void
  fail(error: unknown): void
  /** What tells the next one about this trace. */
  headers(): Record<string, string>
  end(): void
}

export interface SpanOptions {
  /** Without `/v1/traces`. */
  endpoint: URL
  headers: Readonly<Record<string, string>>
  serviceName: string
  /** The share of traces that begin here and are kept, from 0 to 1. Whoever sends a trace has decided for us. */
  ratio: number
  logger: Logger
}

const exportTimeoutMs = 5_000

export function createSpans({ endpoint, headers, serviceName, ratio, logger }: SpanOptions): Spans {
  // What cannot be sent is said here and nowhere else.
  const warn = (message: string) => logger.warn({ reason: message.slice(0, 500) }, 'Traces could not be sent')
  const silent = () => undefined
  diag.setLogger(
    { error: warn, warn, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.version': productVersion,
      'host.name': hostname(),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: url.href,
          headers: { ...headers },
          timeoutMillis: exportTimeoutMs,
        }),
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  })
  const tracer = provider.getTracer('holdfast', productVersion)
  const propagator = new W3CTraceContextPropagator()

  function open(span: Span, parent: Context): OpenSpan {
    const context = trace.setSpan(parent, span)
    return {
      context,
      route(id, pattern) {
        span.updateName(id)
        span.setAttributes({ 'holdfast.route': id, 'http.route': pattern })
      },
      answered(status) {
        span.setAttribute('http.response.status_code', status)
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      },
      fail(error) {
        const name = error instanceof Error ? error.name : 'unknown'
        span.setAttribute('error.type', name)
        span.setStatus({ code: SpanStatusCode.ERROR })
      },
      headers() {
        const carrier: Record<string, string> = {}
        propagator.inject(context, carrier, defaultTextMapSetter)
        return carrier
      },
      end: () => span.end(),
    }
  }

  return {
    request(method, incoming) {
      const parent = propagator.extract(ROOT_CONTEXT, incoming, defaultTextMapGetter)
      const attributes = { 'http.request.method': method }
      // Renamed as soon as its route is known.
      return open(tracer.startSpan('none', { kind: SpanKind.SERVER, attributes }, parent), parent)
    },
    job(name) {
      const attributes = { 'holdfast.job': name }
      return open(
        tracer.startSpan(`job ${name}`, { kind: SpanKind.CONSUMER, attributes }, ROOT_CONTEXT),
        ROOT_CONTEXT,
      )
    },
    call({ method, host }, parent) {
      const above = parent?.context ?? ROOT_CONTEXT
      const attributes = { 'http.request.method': method, 'server.address': host }
      return open(tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, above), above)
    },
    async stop() {
      try {
        await provider.shutdown()
      } catch (error) {
        warn(error instanceof Error ? error.message : String(error))
      } finally {
        diag.disable()
      }
    },
  }
}
