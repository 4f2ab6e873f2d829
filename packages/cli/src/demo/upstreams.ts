import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from './random.ts'

/** What stands behind the demo's gateway: small programs in this process, on whichever ports are free. */
export interface Upstreams {
  targets: Readonly<Record<UpstreamName, { url: string; weight: number }[]>>
  stop(): void
}
export type UpstreamName = 'Orders' | 'Search'

/** A service that fails now and then is more like the world than one that never does. */
const failureChance = 0.01

export async function startUpstreams(random: Random): Promise<Upstreams> {
  const orders = await Promise.all([startOrders(random, 4, 30), startOrders(random, 8, 60)])
  const search = await start(async (_request, response) => {
    await wait(random.integer(20, 140))
    response.end(JSON.stringify({ found: random.integer(0, 40) }))
  })
  return {
    targets: {
      Orders: orders.map(({ url }, index) => ({ url, weight: index === 0 ? 3 : 1 })),
      Search: [{ url: search.url, weight: 1 }],
    },
    stop() {
      for (const one of [...orders, search]) one.stop()
    },
  }
}

const startOrders = (random: Random, fromMs: number, toMs: number) =>
  start(async (request, response) => {
    const isInvoice = request.url?.endsWith('/invoice') === true
    await wait(random.integer(fromMs, isInvoice ? toMs * 12 : toMs))
    response.statusCode = random.chance(failureChance) ? 500 : request.method === 'POST' ? 201 : 200
    response.end(JSON.stringify({ order: random.integer(1_000, 9_999), status: 'packed' }))
  })

async function start(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json')
    if (request.url === '/health') response.end('{"status":"ok"}')
    else void answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
