import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { TestReplica } from './harness.ts'

export interface RoundRobin {
  url: string
  stop(): Promise<void>
}

/**
 * A balancer that gives each request to the next server, whoever sends it. A server hears of what another one has
 * written a moment later; a request waits for that moment, so that whatever goes wrong goes wrong every time.
 */
export async function startRoundRobin(
  replicas: readonly Pick<TestReplica, 'url' | 'caughtUp'>[],
): Promise<RoundRobin> {
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const replica = replicas[turn++ % replicas.length]
    if (replica === undefined) throw new Error('There is no server to give a request to.')
    replica.caughtUp().then(
      () => forward(replica.url, incoming, outgoing),
      (error: unknown) => outgoing.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Passes both messages on as they are. What breaks on one side is broken off on the other. */
function forward(url: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method = 'GET', rawHeaders } = incoming
  const { hostname, port } = new URL(url)
  const passed = request({
    hostname,
    port,
    // As it came: a URL would be tidied up.
    path: incoming.url ?? '/',
    method,
    headers: rawHeaders,
    agent: false,
  })
  passed.once('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 0, answer.rawHeaders)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
  })
  passed.once('error', (error) => outgoing.destroy(error))
  outgoing.once('close', () => passed.destroy())
  incoming.pipe(passed)
}
