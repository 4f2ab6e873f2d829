import type { CheckResult } from './rules.ts'

const answerWithinMs = 5_000

/** Asks once. Anything but a success or a redirect is a failure. */
export async function probe(url: string): Promise<CheckResult> {
  const startedMs = performance.now()
  const took = () => performance.now() - startedMs
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(answerWithinMs),
      redirect: 'manual',
      headers: { 'user-agent': 'holdfast-gateway-health' },
    })
    await response.body?.cancel()
    const ok = response.status < 400
    return { ok, latencyMs: took(), problem: ok ? null : `The health check was answered ${response.status}.` }
  } catch (error) {
    return { ok: false, latencyMs: took(), problem: sentenceOf(error) }
  }
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `There was no answer within ${answerWithinMs / 1_000} seconds.`
  return error.cause instanceof Error ? error.cause.message : error.message
}
