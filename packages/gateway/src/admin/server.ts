import { createServer } from 'node:http'
import { expositionType } from './exposition.ts'
import type { Answer } from './pages.ts'

/** `/health`, `/ready` and `/metrics`, on an address of their own that is loopback unless told otherwise. */
export interface AdminServer {
  /** Throws when the port is taken. */
  start(): Promise<void>
  port(): number
  stop(): Promise<void>
}

interface Needs {
  host: string
  port: number
  health: () => Answer
  ready: () => Answer
  metrics: () => string
}

export function createAdminServer({ host, port, health, ready, metrics }: Needs): AdminServer {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]
    const send = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const json = ({ status, body }: Answer) => send(status, 'application/json', `${JSON.stringify(body)}\n`)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      json({ status: 405, body: { error: 'METHOD_NOT_ALLOWED', message: 'Only GET is answered here.' } })
    } else if (path === '/health') json(health())
    else if (path === '/ready') json(ready())
    else if (path === '/metrics') send(200, expositionType, metrics())
    else
      json({ status: 404, body: { error: 'NOT_FOUND', message: 'There are /health, /ready and /metrics.' } })
  })
  server.maxConnections = 100
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      }),
    port() {
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
