import { createHmac } from 'node:crypto'
import { frequentEventTypes } from '@holdfast/contracts/events'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** The wait after each failed attempt. With the first attempt that makes eight over a day. */
const retryDelaysMs = [
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  hourMs,
  3 * hourMs,
  8 * hourMs,
  12 * hourMs,
] as const
const retryAfterMaxMs = 24 * hourMs
/** At most this much of a wait is added, so that what failed together does not come back together. */
const jitterRatio = 0.2

export interface Answered {
  /** Null when there was no answer. */
  status: number | null
  /** The header of the answer (RFC 9110 §10.2.3), in seconds or as a date. */
  retryAfter?: string | undefined
  /** Which attempt this was, from 1. */
  attempt: number
  nowMs: number
  /** From 0 to 1. */
  random: number
}

export interface Outcome {
  state: 'pending' | 'success' | 'failed'
  nextAttemptAtMs: number | null
  /** The receiver says that the address is no more: 410. */
  isGone: boolean
}

/** What follows from an attempt. Any 2xx is success; a redirect is not, because it is not followed. */
export function outcomeOf({ status, retryAfter, attempt, nowMs, random }: Answered): Outcome {
  if (status !== null && status >= 200 && status < 300)
    return { state: 'success', nextAttemptAtMs: null, isGone: false }
  const delayMs = retryDelaysMs[attempt - 1]
  if (status === 410 || delayMs === undefined)
    return { state: 'failed', nextAttemptAtMs: null, isGone: status === 410 }
  const planned = delayMs * (1 + jitterRatio * random)
  const asked = Math.min(retryAfterMaxMs, retryAfterMs(retryAfter, nowMs))
  return { state: 'pending', nextAttemptAtMs: Math.round(nowMs + Math.max(planned, asked)), isGone: false }
}

function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * secondMs
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs)
}

export interface Signed {
  /** The id of the delivery, the same for all of its attempts. */
  id: string
  event: string
  body: string
  atMs: number
  secret: string
  /** While a rotation overlaps. */
  previousSecret: string | null
}

/**
 * The headers that say what a delivery is and prove who sent it: those of reference 000 and 001, and Standard Webhooks
 * (github.com/standard-webhooks). The previous secret signs into headers of its own, and in Standard Webhooks into the
 * list that the header is.
 */
export function deliveryHeaders({
  id,
  event,
  body,
  atMs,
  secret,
  previousSecret,
}: Signed): Record<string, string> {
  const timestamp = String(Math.floor(atMs / secondMs))
  const standard = [secret, ...(previousSecret === null ? [] : [previousSecret])].map(
    (key) => `v1,${hmac(standardKey(key), `${id}.${timestamp}.${body}`).toString('base64')}`,
  )
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': deliveryAgent,
    'x-webhook-event': event,
    'x-webhook-id': id,
    'x-webhook-timestamp': timestamp,
    ...plainSignatures('', secret, timestamp, body),
    ...(previousSecret !== null && plainSignatures('-previous', previousSecret, timestamp, body)),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': standard.join(' '),
  }
}

/** Calls of our own endpoints by our own deliveries are known by it, so that they do not call for ever. */
export const deliveryAgent = 'Holdfast-Webhooks/1'

function plainSignatures(suffix: string, secret: string, timestamp: string, body: string) {
  return {
    [`x-webhook-signature${suffix}`]: hmac(secret, body).toString('hex'),
    [`x-webhook-signature-256${suffix}`]: `sha256=${hmac(secret, `${timestamp}.${body}`).toString('hex')}`,
  }
}

/** Standard Webhooks takes the bytes that `whsec_` carries in base64; any other secret stands for itself. */
function standardKey(secret: string): Buffer {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** The subscriptions that an event answers to. Frequent ones only to their own name. */
export function subscriptionsOf(type: string): string[] {
  if (frequentEventTypes.some((frequent) => frequent === type)) return [type]
  return [type, `${type.slice(0, type.indexOf('.'))}.*`, '*']
}

/** What is sent: the same text for every webhook and every attempt. */
export function deliveryBody(event: string, occurredAt: string, data: unknown): string {
  return JSON.stringify({ event, timestamp: occurredAt, data })
}
