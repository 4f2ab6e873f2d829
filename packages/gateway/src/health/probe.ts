import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import type { CheckResult } from './rules.ts'

const answerWithinMs = 5_000

/** Asks once. Anything but a success or a redirect is a failure. */
export async function probe(url: string): Promise<CheckResult> {
  const startedMs = performance.now()
  const took = () => performance.now() - startedMs
  try {
    const status = await ask(url)
    const ok = status < 400
    return { ok, latencyMs: took(), problem: ok ? null : `The health check was answered ${status}.` }
  } catch (error) {
    return { ok: false, latencyMs: took(), problem: sentenceOf(error) }
  }
}

/** Not fetch: it refuses the ports that browsers may not ask (6000, 10080 and others), and services may well be there. */
async function ask(url: string): Promise<number> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp
    const options = {
      agent: false as const,
      signal: AbortSignal.timeout(answerWithinMs),
      headers: { 'user-agent': 'holdfast-gateway-health' },
    }
    get(url, options, resolve).once('error', reject)
  })
  // The status is all that was asked for; the body may be endless.
  response.destroy()
  return response.statusCode ?? 0
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause : error
  if (cause.name === 'TimeoutError') return `There was no answer within ${answerWithinMs / 1_000} seconds.`
  return cause.message
}
