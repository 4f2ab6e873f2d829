import { type IncomingMessage, request } from 'node:http'

/** What became of a request that the server said it had received. */
export interface Outcome {
  what: string
  /** Null: the connection broke off without an answer. */
  status: number | null
}

export interface Wanted {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: unknown
}

/**
 * Clients that ask without pause, each request on a connection of its own. With `Expect: 100-continue` (RFC 9110,
 * section 10.1.1) the server says that it has a request before it answers it, so that a request which was received and
 * then dropped is told apart from one that never arrived.
 */
export function startClients(url: string, wanted: readonly Wanted[], clientsEach: number) {
  const received: Outcome[] = []
  const stopping = new AbortController()

  async function ask(one: Wanted): Promise<void> {
    while (!stopping.signal.aborted) {
      const outcome = await send(url, one)
      if (outcome !== null) received.push(outcome)
      // The listener is closed: nobody hears us any more, or not yet.
      else await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const clients = wanted.flatMap((one) => Array.from({ length: clientsEach }, () => ask(one)))

  return {
    received,
    async stop() {
      stopping.abort()
      await Promise.all(clients)
    },
  }
}

/** Null when the server never said that it had the request. */
function send(url: string, { method, path, headers = {}, body }: Wanted): Promise<Outcome | null> {
  const what = `${method} ${path}`
  return new Promise((resolve) => {
    let isReceived = false
    const text = body === undefined ? '' : JSON.stringify(body)
    const sent = request(url + path, {
      method,
      agent: false,
      headers: {
        expect: '100-continue',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
        ...headers,
      },
    })
    sent.once('continue', () => {
      isReceived = true
      sent.end(text)
    })
    sent.once('response', (response: IncomingMessage) => {
      const { statusCode = 0 } = response
      response.resume()
      response.once('end', () => resolve({ what, status: statusCode }))
      response.once('error', () => resolve({ what, status: null }))
    })
    sent.once('error', () => resolve(isReceived ? { what, status: null } : null))
    sent.flushHeaders()
  })
}
