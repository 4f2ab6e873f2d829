import type { Outbound } from '../../../../outbound/client.ts'
import { createMasking } from '../code/masking.ts'
import type { CronAction } from './stored.ts'

interface Needs {
  outbound: Pick<Outbound, 'request'>
  /** Throws secrets.not_found. */
  openSecret(name: string): Promise<string>
}

type HttpAction = Pick<CronAction, 'httpUrl' | 'httpMethod' | 'httpHeaders' | 'httpBody'>

const responseBytesMax = 16_384

/** Sends the request of a job, with the secrets that its headers and body name. What comes back shows none of them. */
export function createHttpAction({ outbound, openSecret }: Needs) {
  return async (
    { httpUrl, httpMethod, httpHeaders, httpBody }: HttpAction,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<{ status: number; body: string }> => {
    const opened = new Map<string, string>()
    for (const name of secretsNamedBy([...Object.values(httpHeaders), httpBody]))
      opened.set(name, await openSecret(name))
    const filled = (text: string) =>
      text.replace(secretPattern, (_whole, name: string) => opened.get(name) ?? '')
    const masked = createMasking(new Set(opened.values()))

    const hasBody = httpBody !== '' && httpMethod !== 'GET' && httpMethod !== 'HEAD'
    const headers = Object.fromEntries(
      Object.entries(httpHeaders).map(([name, value]) => [name.toLowerCase(), filled(value)]),
    )
    try {
      const answer = await outbound.request({
        url: httpUrl,
        method: httpMethod,
        headers: { ...(hasBody && { 'content-type': typeOf(httpBody) }), ...headers },
        body: hasBody ? filled(httpBody) : undefined,
        timeoutMs,
        responseBytesMax,
        signal,
      })
      return { status: answer.status, body: masked(answer.body.toString('utf8')) }
    } catch (error) {
      if (error instanceof Error) error.message = masked(error.message)
      throw error
    }
  }
}

const secretPattern = /\{\{\s*([A-Z][A-Z0-9_]{0,63})\s*\}\}/g

function secretsNamedBy(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => [...text.matchAll(secretPattern)].map(([, name]) => name ?? '')))
}

function typeOf(text: string): string {
  try {
    JSON.parse(text)
    return 'application/json'
  } catch {
    // Asking the parser is the only way to know.
    return 'text/plain'
  }
}
