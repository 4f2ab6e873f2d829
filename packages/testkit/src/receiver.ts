import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedRequest {
  headers: IncomingHttpHeaders
  body: string
}

/** Answers a request; the status is 200 when it ends nothing itself. */
export type ReceiverAnswer = (
  request: ReceivedRequest,
  response: ServerResponse,
) => number | Promise<number> | undefined | Promise<undefined>

/** A real HTTP server that keeps what it gets: the other end of webhooks. */
export interface Receiver {
  url: string
  received: ReceivedRequest[]
  /** How it answers from now on: a status, or whatever a function does. */
  answer(how: number | ReceiverAnswer): void
  stop(): Promise<void>
}

/** Listens on the loopback address; the server under test must be allowed to call it. */
export async function startReceiver(how: number | ReceiverAnswer = 200): Promise<Receiver> {
  const received: ReceivedRequest[] = []
  let current = how
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const entry = { headers: request.headers, body: Buffer.concat(chunks).toString() }
      received.push(entry)
      void respond(entry, response)
    })
  })
  async function respond(entry: ReceivedRequest, response: ServerResponse): Promise<void> {
    const status = typeof current === 'number' ? current : await current(entry, response)
    if (status !== undefined && !response.writableEnded) response.writeHead(status).end('received')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer(next) {
      current = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
