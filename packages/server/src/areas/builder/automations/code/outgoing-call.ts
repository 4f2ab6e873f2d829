import type { Outbound } from '../../../../outbound/client.ts'

const timeoutMs = 10_000
const responseBytesMax = 1024 * 1024
const headersMax = 50

/** `fetch` of user code: the guarded client, with an answer that is read as text. Redirects are answers. */
export function createOutgoingCall(outbound: Pick<Outbound, 'request'>) {
  return async ([given]: readonly unknown[], signal: AbortSignal): Promise<unknown> => {
    const { url, method, headers, body } = readRequest(given)
    const answer = await outbound.request({ url, method, headers, body, timeoutMs, responseBytesMax, signal })
    if (answer.truncated) throw new Error(`The answer of ${new URL(url).host} is larger than 1 MiB.`)
    return { status: answer.status, headers: answer.headers, text: answer.body.toString('utf8') }
  }
}

function readRequest(given: unknown) {
  if (typeof given !== 'object' || given === null) throw new Error('fetch needs a URL.')
  const { url, method, headers, body } = given as Record<string, unknown>
  if (typeof url !== 'string') throw new Error('The URL of fetch must be a text.')
  if (typeof method !== 'string' || !/^(get|head|post|put|patch|delete|options)$/i.test(method))
    throw new Error('The method of fetch must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.')
  if (body !== undefined && typeof body !== 'string') throw new Error('The body of fetch must be a text.')
  return { url, method: method.toUpperCase(), headers: readHeaders(headers), body }
}

function readHeaders(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null) throw new Error('The headers of fetch must be an object.')
  const entries = Object.entries(given)
  if (entries.length > headersMax) throw new Error(`fetch sends at most ${headersMax} headers.`)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const text = typeof value === 'number' ? String(value) : (value as unknown)
      if (typeof text !== 'string') throw new Error(`The header ${name.slice(0, 100)} must be a text.`)
      return [name.toLowerCase(), text]
    }),
  )
}
