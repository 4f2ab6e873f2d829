import type { CompiledService, CompiledTarget } from '../match/compiled.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import { refuse } from './answer.ts'
import { answerHeaders, asPairs } from './answer-head.ts'
import { failureRule } from './balancer.ts'
import type { Call } from './call.ts'
import type { Waiting } from './deadlines.ts'
import { clientClosed } from './refusals.ts'
import { readRequestBody, type RequestBody } from './request-body.ts'
import type { ResponseHead } from './response-parser.ts'
import { bodySizeBytesMax } from './serve-bounds.ts'
import { switchProtocols } from './switch-protocols.ts'
import type { Exchange, UpstreamConnection } from './upstream-connection.ts'
import { upstreamHead } from './upstream-head.ts'

/** Methods whose repetition does no harm (RFC 9110 §9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
const keepBytesMax = 64 * 1024
/** Beyond this size, copying costs more than a second write. */
const joinBytesMax = 8 * 1024
/** The service is there, and says that it cannot serve now. */
const failingStatuses = new Set([502, 503, 504])

export function startForwarding(context: ThreadContext, call: Call, service: CompiledService): void {
  new Forwarding(context, call, service).start()
}

/** A request on its way to a service and the answer on its way back; a class, because one is made for each request. */
class Forwarding implements Exchange, Waiting {
  deadlineMs = Number.POSITIVE_INFINITY
  private readonly context: ThreadContext
  private readonly call: Call
  private readonly service: CompiledService
  private readonly body: RequestBody | null
  private readonly timeoutMs: number
  private readonly tried: CompiledTarget[] = []
  private target: CompiledTarget | null = null
  private connection: UpstreamConnection | null = null
  private isProbe = false
  private sentMs = 0
  private head: ResponseHead | null = null
  private isHeadSent = false
  private firstChunk: Buffer | null = null
  private trailers: readonly string[] | null = null
  private isOver = false

  constructor(context: ThreadContext, call: Call, service: CompiledService) {
    this.context = context
    this.call = call
    this.service = service
    this.timeoutMs = call.route?.config.timeoutMs ?? service.config.timeoutMs
    this.body = this.openBody()
  }

  start(): void {
    this.context.balancer.budget(this.service).deposit()
    this.context.deadlines.add(this)
    this.call.response.on('close', () => this.onClientGone())
    this.attempt(false)
  }

  private openBody(): RequestBody | null {
    const { head, request, route } = this.call
    const isChunked = head.transferEncoding !== null
    if (!isChunked && (head.contentLength === null || Number(head.contentLength) === 0)) return null
    return readRequestBody(request, {
      isChunked,
      sizeBytesMax: bodySizeBytesMax(this.call),
      keepBytesMax: (route?.config.retries ?? 0) > 0 && idempotent.has(this.call.method) ? keepBytesMax : 0,
      onTooLarge: () => this.onTooLarge(),
      onProgress: (isOver) => this.waitFor(isOver ? 'answer' : 'body'),
    })
  }

  private attempt(isFresh: boolean): void {
    const { context, call } = this
    const choice = context.balancer.choose(this.service, this.tried, context.nowMs())
    if (choice === null) {
      this.end()
      refuse(context, call, 'SERVICE_UNAVAILABLE', {
        message: 'Every target of the service is left alone for now.',
      })
      return
    }
    this.target = choice.target
    this.isProbe = choice.isProbe
    const connection = context.pools.take(choice.target, { isFresh })
    if (connection === null) {
      this.release()
      this.end()
      refuse(context, call, 'SERVICE_UNAVAILABLE', {
        message: 'Too many connections to the service are open.',
      })
      return
    }
    this.connection = connection
    this.sentMs = performance.now()
    const isUpgrade = call.upgradeSocket !== null
    connection.send(this, upstreamHead(context, call, choice.target), { method: call.method, isUpgrade })
    if (this.body === null) {
      connection.requestEnded()
      this.waitFor('answer')
    } else {
      this.waitFor('body')
      this.body.sendTo(connection)
    }
  }

  /** The service has its timeout once it has the whole request; before, the client is what is waited for. */
  private waitFor(what: 'answer' | 'body'): void {
    if (this.head !== null) return
    const isBlocked = this.body?.isBlocked() ?? false
    const { idleTimeoutMs } = this.context.bounds
    this.deadlineMs = performance.now() + (what === 'answer' || isBlocked ? this.timeoutMs : idleTimeoutMs)
  }

  onHead(head: ResponseHead): void {
    this.head = head
    this.call.downstreamLatencyMs = Math.round((performance.now() - this.sentMs) * 1_000) / 1_000
    this.verdict(!failingStatuses.has(head.status))
  }

  onBody(chunk: Buffer): void {
    if (!this.isHeadSent && this.firstChunk === null) {
      this.firstChunk = chunk
      return
    }
    this.sendHead()
    this.writeChunk(chunk)
  }

  onEnd(trailers: readonly string[]): void {
    this.trailers = trailers
  }

  onFlush(): void {
    if (this.head === null) return
    const { call, context, head, connection } = this
    if (head.status === 101 && connection !== null && call.upgradeSocket !== null) {
      this.end()
      switchProtocols(context, call, head, connection)
      return
    }
    this.deadlineMs = performance.now() + context.bounds.idleTimeoutMs
    this.sendHead()
    if (this.trailers !== null) this.finish(this.trailers)
    else if (this.firstChunk !== null) {
      const chunk = this.firstChunk
      this.firstChunk = null
      this.writeChunk(chunk)
    } else {
      // The head came alone: a stream of events may begin with a long silence.
      this.call.response.flushHeaders()
    }
  }

  onDrain(): void {
    this.body?.onDrain()
    this.waitFor('body')
  }

  private sendHead(): void {
    if (this.isHeadSent || this.head === null) return
    this.isHeadSent = true
    const { call, head, context } = this
    if (context.isDraining()) call.response.shouldKeepAlive = false
    call.response.writeHead(head.status, head.reason, answerHeaders(call, head))
  }

  private writeChunk(chunk: Buffer): void {
    const { response } = this.call
    const first = this.firstChunk
    this.firstChunk = null
    if (first !== null && first !== chunk) response.write(first)
    if (response.write(chunk)) return
    this.connection?.pause()
    response.once('drain', () => {
      this.deadlineMs = performance.now() + this.context.bounds.idleTimeoutMs
      if (!this.isOver) this.connection?.resume()
    })
  }

  private finish(trailers: readonly string[]): void {
    const { call, context, head } = this
    const { response } = call
    this.end()
    if (this.body !== null && !this.body.isOver()) this.body.abandon()
    if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(asPairs(trailers))
    if (this.firstChunk === null) response.end()
    else if (this.firstChunk.length > joinBytesMax) response.end(this.firstChunk)
    // As text it leaves in one write together with the head; latin1 keeps every byte.
    else response.end(this.firstChunk.toString('latin1'), 'latin1')
    context.recorder.record(call, head?.status ?? 0, null, null)
  }

  onError(error: Error): void {
    if (this.isOver) return
    const connection = this.connection
    this.connection = null
    if (this.head !== null) {
      this.breakOff('DOWNSTREAM_ERROR', error.message)
      return
    }
    const canRepeat = idempotent.has(this.call.method) && (this.body === null || this.body.isReplayable())
    // A kept connection that ends before a byte has come was most likely closed by the service just then.
    if (connection?.isReused === true && canRepeat) {
      this.release()
      this.attempt(true)
      return
    }
    this.verdict(false)
    if (this.target !== null) this.tried.push(this.target)
    const retries = this.call.route?.config.retries ?? 0
    const mayRetry = canRepeat && this.tried.length <= retries && this.call.upgradeSocket === null
    if (mayRetry && this.context.balancer.budget(this.service).withdraw()) {
      this.attempt(true)
      return
    }
    this.body?.abandon()
    this.end()
    refuse(this.context, this.call, 'DOWNSTREAM_ERROR', { message: error.message })
  }

  expire(): void {
    if (this.isOver) return
    const isClientSlow =
      this.head === null && this.body !== null && !this.body.isOver() && !this.body.isBlocked()
    if (isClientSlow) this.release()
    else if (this.head === null) this.verdict(false)
    this.connection?.destroy()
    if (this.head !== null) {
      this.breakOff('DOWNSTREAM_TIMEOUT', 'Nothing moved for too long.')
      return
    }
    this.body?.abandon()
    this.end()
    refuse(this.context, this.call, isClientSlow ? 'REQUEST_TIMEOUT' : 'DOWNSTREAM_TIMEOUT', {
      close: isClientSlow,
      message: isClientSlow ? 'The client stopped sending.' : `No answer within ${this.timeoutMs} ms.`,
    })
  }

  private onTooLarge(): void {
    if (this.isOver) return
    this.release()
    this.connection?.destroy()
    if (this.head !== null) {
      this.breakOff('REQUEST_TOO_LARGE', 'The body grew too large.')
      return
    }
    this.body?.abandon()
    this.end()
    refuse(this.context, this.call, 'REQUEST_TOO_LARGE', { close: true })
  }

  /** The answer has begun and cannot be completed: the client must see that it is broken. */
  private breakOff(code: string, message: string): void {
    this.end()
    this.call.response.destroy()
    this.context.recorder.record(this.call, 502, code, message)
  }

  private onClientGone(): void {
    if (this.isOver) return
    this.release()
    this.end()
    this.connection?.destroy()
    this.context.recorder.record(this.call, clientClosed.status, clientClosed.code, null)
  }

  private verdict(isGood: boolean): void {
    const { target, context, service } = this
    if (target === null) return
    if (isGood) context.targets.succeeded(target.slot)
    else {
      context.targets.failed(target.slot, failureRule(service), context.nowMs())
    }
    this.isProbe = false
  }

  /** Ends a trial that came to no verdict. */
  private release(): void {
    if (this.isProbe && this.target !== null) this.context.targets.abandoned(this.target.slot)
    this.isProbe = false
  }

  private end(): void {
    this.isOver = true
    this.context.deadlines.remove(this)
  }
}
