import type { CompiledService, CompiledTarget } from '../match/compiled.ts'
import type { ThreadContext } from '../worker/thread-context.ts'
import { refuse } from './answer.ts'
import { answerHeaders, endAnswer } from './answer-head.ts'
import { failureRule } from './balancer.ts'
import type { Call } from './call.ts'
import { passInterim } from './interim.ts'
import { clientClosed, type RefusalCode } from './refusals.ts'
import { openRequestBody, type RequestBody } from './request-body.ts'
import type { ResponseHead } from './response-parser.ts'
import { canRepeat, saysUnavailable, takeRetry } from './retrying.ts'
import { switchProtocols } from './switch-protocols.ts'
import { TimedExchange } from './timed-exchange.ts'
import type { Exchange, UpstreamConnection } from './upstream-connection.ts'
import { upstreamHead } from './upstream-head.ts'

const withdrawnSentence = 'The credential ended while the request was served.'

export function startForwarding(context: ThreadContext, call: Call, service: CompiledService): void {
  new Forwarding(context, call, service).start()
}

/** A request on its way to a service and the answer on its way back; a class, because one is made for each request. */
class Forwarding extends TimedExchange implements Exchange {
  readonly body: RequestBody | null
  readonly tried: CompiledTarget[] = []
  private readonly service: CompiledService
  private target: CompiledTarget | null = null
  private connection: UpstreamConnection | null = null
  private isProbe = false
  private sentMs = 0
  private isHeadSent = false
  /** The answer that is coming says that the service cannot serve now, and another attempt is made. */
  private isPassedOver = false
  private firstChunk: Buffer | null = null
  private trailers: readonly string[] | null = null
  private isOver = false

  constructor(context: ThreadContext, call: Call, service: CompiledService) {
    super(context, call, call.route?.config.timeoutMs ?? service.config.timeoutMs)
    this.service = service
    this.body = openRequestBody(call, {
      onTooLarge: () => this.onTooLarge(),
      onProgress: (isOver) => this.waitFor(isOver ? 'answer' : 'body'),
    })
  }

  start(): void {
    this.context.balancer.budget(this.service).deposit()
    this.context.deadlines.add(this)
    this.call.response.on('close', () => this.onClientGone())
    this.attempt(false)
  }

  private attempt(isFresh: boolean): void {
    const { context, call } = this
    const choice = context.balancer.choose(this.service, this.tried, context.nowMs())
    if (choice === null) {
      this.giveUp('SERVICE_UNAVAILABLE', 'Every target of the service is left alone for now.')
      return
    }
    this.target = choice.target
    this.isProbe = choice.isProbe
    const connection = context.pools.take(choice.target, { isFresh })
    if (connection === null) {
      this.release()
      this.giveUp('SERVICE_UNAVAILABLE', 'Too many connections to the service are open.')
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

  onInterim(head: ResponseHead): void {
    const { awaitsContinue } = this.call
    passInterim(this.call, head)
    if (awaitsContinue && !this.call.awaitsContinue) this.waitFor('body')
  }

  onHead(head: ResponseHead): void {
    const nowMs = performance.now()
    this.head = head
    this.call.downstreamLatencyMs = Math.round((nowMs - this.sentMs) * 1_000) / 1_000
    const isGood = !saysUnavailable(head.status)
    this.verdict(isGood)
    if (!isGood && this.mayRetry()) this.isPassedOver = true
    else this.boundAnswer(nowMs)
  }

  onBody(chunk: Buffer): void {
    if (this.isPassedOver) return
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
    if (this.isPassedOver) {
      this.passOver()
      return
    }
    const { call, context, head, connection } = this
    if (head.status === 101 && connection !== null && call.upgradeSocket !== null) {
      if (this.isWithdrawn) {
        connection.destroy()
        this.giveUp('TOKEN_INVALID', withdrawnSentence, true)
        return
      }
      this.end()
      switchProtocols(context, call, head, connection)
      return
    }
    this.moved()
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

  /** An answer that is whole leaves its connection in order; any other goes with it. */
  private passOver(): void {
    if (this.trailers === null) this.connection?.destroy()
    this.connection = null
    this.head = null
    this.trailers = null
    this.isPassedOver = false
    this.attempt(false)
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
      this.moved()
      if (!this.isOver) this.connection?.resume()
    })
  }

  private finish(trailers: readonly string[]): void {
    const { call, context, head } = this
    const { response } = call
    this.end()
    if (this.body !== null && !this.body.isOver()) this.body.abandon()
    endAnswer(response, this.firstChunk, trailers)
    context.recorder.record(call, head?.status ?? 0, null, null)
  }

  onError(error: Error): void {
    if (this.isOver) return
    const connection = this.connection
    this.connection = null
    if (this.isPassedOver) {
      this.passOver()
      return
    }
    if (this.head !== null) {
      this.breakOff('DOWNSTREAM_ERROR', error.message)
      return
    }
    // A kept connection that ends before a byte has come was most likely closed by the service just then.
    if (connection?.isReused === true && canRepeat(this.call, this.body)) {
      this.release()
      this.attempt(true)
      return
    }
    this.verdict(false)
    if (this.mayRetry()) {
      this.attempt(true)
      return
    }
    this.giveUp('DOWNSTREAM_ERROR', error.message)
  }

  private mayRetry(): boolean {
    if (this.target !== null) this.tried.push(this.target)
    return takeRetry(this.context, this.call, this.service, this)
  }

  expire(): void {
    if (this.isOver) return
    const isClientSlow = this.head === null && this.isClientsTurn()
    if (isClientSlow) this.release()
    else if (this.head === null) this.verdict(false)
    this.connection?.destroy()
    if (this.head !== null) {
      if (performance.now() >= this.answerEndsMs) this.cutOff()
      else this.breakOff('DOWNSTREAM_TIMEOUT', 'Nothing moved for too long.')
      return
    }
    if (isClientSlow) this.giveUp('REQUEST_TIMEOUT', 'The client stopped sending.', true)
    else this.giveUp('DOWNSTREAM_TIMEOUT', `No answer within ${this.timeoutMs} ms.`)
  }

  private onTooLarge(): void {
    if (this.isOver) return
    this.release()
    this.connection?.destroy()
    if (this.head !== null) {
      this.breakOff('REQUEST_TOO_LARGE', 'The body grew too large.')
      return
    }
    this.giveUp('REQUEST_TOO_LARGE', 'The body grew too large.', true)
  }

  /** Nothing of an answer has been given yet: the gateway gives its own. */
  private giveUp(code: RefusalCode, message: string, close = false): void {
    this.body?.abandon()
    this.end()
    refuse(this.context, this.call, code, { message, close })
  }

  /** An answer that has begun must not outlive the credential that asked for it; one that has not may still be given. */
  withdraw(): void {
    this.isWithdrawn = true
    if (this.isOver || this.head === null) return
    this.connection?.destroy()
    this.cutOff()
  }

  private cutOff(): void {
    this.end()
    this.call.response.destroy()
    this.context.recorder.record(this.call, this.head?.status ?? 0, 'TOKEN_EXPIRED', withdrawnSentence)
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
    else context.targets.failed(target.slot, failureRule(service), context.nowMs())
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
