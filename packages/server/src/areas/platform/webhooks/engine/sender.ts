import type { Clock } from '@holdfast/kernel/clock'
import type { Envelope } from '@holdfast/kernel/crypto/envelope'
import type { Outbound } from '../../../../outbound/client.ts'
import { OutboundError } from '../../../../outbound/errors.ts'
import { storableText } from '../../../../storable.ts'
import { deliveryHeaders } from '../rules.ts'
import { openHeaders, openSecret } from '../secrets.ts'
import type { Claimed } from './repo.ts'

export type Sendable = Omit<Claimed, 'claim' | 'attempts' | 'name' | 'webhookId'>

/** One request and what came back; `status` is null when there was no answer, and `error` says why. */
export interface Attempt {
  startedAt: Date
  durationMs: number
  requestHeaders: Record<string, string>
  status: number | null
  responseHeaders: Record<string, string> | null
  responseBody: string | null
  truncated: boolean
  error: string | null
  retryAfter: string | undefined
  /** We stopped before the answer came: nothing is known about it. */
  isCancelled: boolean
}

export interface Sender {
  /** Never throws for what the receiver or its address does. */
  send(delivery: Sendable, signal?: AbortSignal): Promise<Attempt>
}

/** From the first byte to the last, as reference 000 has it. */
export const attemptTimeoutMs = 15_000
const responseBytesMax = 16_384
const masked = '••••••••'

interface Needs {
  outbound: Pick<Outbound, 'request'>
  envelope: Pick<Envelope, 'open'>
  clock: Clock
}

export function createSender({ outbound, envelope, clock }: Needs): Sender {
  return {
    async send(delivery, signal) {
      const startedAt = clock.now()
      const own = deliveryHeaders({
        id: delivery.id,
        event: delivery.eventType,
        body: delivery.body,
        atMs: startedAt.getTime(),
        secret: openSecret(envelope, delivery.secretSealed),
        previousSecret: stillValid(delivery, startedAt)
          ? openSecret(envelope, delivery.previousSecretSealed)
          : null,
      })
      const custom = openHeaders(envelope, delivery.headersSealed)
      const requestHeaders = {
        ...own,
        ...Object.fromEntries(Object.keys(custom).map((name) => [name, masked])),
      }
      const startedMs = performance.now()
      const attempt = (rest: Partial<Attempt>): Attempt => ({
        startedAt,
        durationMs: Math.round(performance.now() - startedMs),
        requestHeaders,
        status: null,
        responseHeaders: null,
        responseBody: null,
        truncated: false,
        error: null,
        retryAfter: undefined,
        isCancelled: false,
        ...rest,
      })
      try {
        const answer = await outbound.request({
          method: 'POST',
          url: delivery.url,
          headers: { ...custom, ...own },
          body: delivery.body,
          timeoutMs: attemptTimeoutMs,
          responseBytesMax,
          signal,
        })
        return attempt({
          status: answer.status,
          responseHeaders: storableHeaders(answer.headers),
          responseBody: storableText(answer.body.toString('utf8')),
          truncated: answer.truncated,
          error: errorOf(answer.status),
          retryAfter: answer.headers['retry-after'],
        })
      } catch (error) {
        if (!(error instanceof OutboundError)) throw error
        return attempt({ error: error.message, isCancelled: error.failure === 'cancelled' })
      }
    },
  }
}

function stillValid(delivery: Sendable, at: Date): delivery is Sendable & { previousSecretSealed: string } {
  return (
    delivery.previousSecretSealed !== null &&
    delivery.previousSecretUntil !== null &&
    new Date(delivery.previousSecretUntil) > at
  )
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}, a redirect, which is not followed. Enter the address it leads to.`
  return `The receiver answered ${status}.`
}

function storableHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [storableText(name), storableText(value)]),
  )
}
