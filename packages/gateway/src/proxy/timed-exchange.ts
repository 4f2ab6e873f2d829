import type { ThreadContext } from '../worker/thread-context.ts'
import type { Call } from './call.ts'
import type { Waiting } from './deadlines.ts'
import type { RequestBody } from './request-body.ts'
import type { ResponseHead } from './response-parser.ts'

/** How long an exchange with a service may take: whose turn it is, and until when. */
export abstract class TimedExchange implements Waiting {
  deadlineMs = Number.POSITIVE_INFINITY
  readonly call: Call
  protected readonly context: ThreadContext
  protected readonly timeoutMs: number
  abstract readonly body: RequestBody | null
  protected head: ResponseHead | null = null
  /** The credential is gone since the request came. */
  protected isWithdrawn = false
  /** Monotonic: nothing of the answer may come later, whatever moves. */
  protected answerEndsMs = Number.POSITIVE_INFINITY

  constructor(context: ThreadContext, call: Call, timeoutMs: number) {
    this.context = context
    this.call = call
    this.timeoutMs = timeoutMs
  }

  abstract expire(): void
  abstract withdraw(): void

  /** The service has its timeout once it has the whole request; before, the client is what is waited for. */
  protected waitFor(what: 'answer' | 'body'): void {
    if (this.head !== null) {
      // It answers while it still reads: what moves the one way keeps the other open.
      this.moved()
      return
    }
    const isServices = what === 'answer' || !this.isClientsTurn()
    this.deadlineMs = performance.now() + (isServices ? this.timeoutMs : this.context.bounds.idleTimeoutMs)
  }

  protected isClientsTurn(): boolean {
    const { body, call } = this
    return body !== null && !call.awaitsContinue && !body.isOver() && !body.isBlocked()
  }

  protected moved(): void {
    this.deadlineMs = Math.min(performance.now() + this.context.bounds.idleTimeoutMs, this.answerEndsMs)
  }

  /** The answer begins: it ends with the credential that asked for it, but is not cut short at once. */
  protected boundAnswer(nowMs: number): void {
    const endsMs = this.isWithdrawn ? 0 : this.call.credentialEndsMs
    if (endsMs === Number.POSITIVE_INFINITY) return
    this.answerEndsMs = Math.max(endsMs, nowMs + this.context.bounds.lateAnswerMs)
  }
}
