import { Problem } from '@holdfast/contracts/kit/problem'
import { type Answer, json } from '../../records/call.ts'

/** How what a handler returns becomes an answer. Pure. */

/** What a returned value says: nothing known of it means that it is the data. */
export interface Returned {
  status: number | null
  /** `data` goes into the usual envelope; `body` is sent as it is. */
  content: { data: unknown } | { body: unknown } | null
  /** The sentence of a refusal. */
  sentence: string | null
}

/** Throws an Error, for the author, when the status is none. */
export function readReturned(value: unknown): Returned {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { status: null, content: value === undefined ? null : { data: value }, sentence: null }
  const { status: given, statusCode, data, body, error, message } = value as Record<string, unknown>
  const status = given ?? statusCode ?? null
  if (status !== null && !isStatus(status))
    throw new Error('The status that a handler returns must be a whole number from 200 to 599.')
  const isAnswer = status !== null || data !== undefined || body !== undefined
  const sentence = [error, message].find((text) => typeof text === 'string') ?? null
  if (!isAnswer) return { status: null, content: { data: value }, sentence: null }
  const content = body !== undefined ? { body } : data !== undefined ? { data } : null
  return { status, content, sentence: typeof sentence === 'string' ? sentence.slice(0, 2_000) : null }
}

/** The answer of a handler that stands in the place of the operation. Throws a Problem when it only refuses. */
export function answerOf({ status, content, sentence }: Returned): Answer {
  const code = status ?? 200
  if (code === 204 || code === 304) return { status: code, headers: [], body: null }
  if (code >= 400 && content === null) throw refusal(code, sentence)
  return json(code, textOf(content ?? { data: null }, code))
}

/** An operation's answer with what a transform made of it: `data` replaces the data and leaves what stands beside it. */
export function transformed(answer: Answer, { status, content }: Returned, before: unknown): Answer {
  const code = status ?? answer.status
  const headers = withoutTag(answer.headers)
  if (content === null) return { ...answer, status: code, headers }
  const isEnvelope = typeof before === 'object' && before !== null && !Array.isArray(before)
  const text =
    'data' in content && isEnvelope && code < 400
      ? JSON.stringify({ ...before, data: content.data })
      : textOf(content, code)
  return json(code, text, headers)
}

export function refusal(status: number, sentence: string | null, code = 'handlers.refused'): Problem {
  return new Problem(code, status, sentence ?? 'The code of this endpoint refused the request.', {})
}

function textOf(content: { data: unknown } | { body: unknown }, status: number): string {
  return JSON.stringify('body' in content ? content.body : { success: status < 400, data: content.data })
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599
}

/** A tag names the record as it is stored, not what became of it. */
function withoutTag(headers: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (name !== 'etag') kept.push(name, headers[index + 1] ?? '')
  }
  return kept
}
