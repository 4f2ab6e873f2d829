import type { IncomingHttpHeaders } from 'node:http'
import { clientAddress } from './client-address.ts'
import type { RequestFacts } from './handle.ts'

/** What these facts are read from; a Fastify request has it all. */
interface Incoming {
  headers: IncomingHttpHeaders
  cookies: Readonly<Record<string, string | undefined>>
  protocol: string
  host: string
  socket: { remoteAddress?: string | undefined }
}

/** What the client used, which behind trusted proxies is not what arrived here. */
export function factsOf(request: Incoming, trustedProxies: number): RequestFacts {
  const proxied = trustedProxies > 0
  const forwardedProto = proxied ? request.headers['x-forwarded-proto'] : undefined
  const forwardedHost = proxied ? request.headers['x-forwarded-host'] : undefined
  return {
    headers: request.headers as Record<string, string | undefined>,
    cookies: request.cookies as Record<string, string>,
    scheme: typeof forwardedProto === 'string' ? forwardedProto : request.protocol,
    host: typeof forwardedHost === 'string' ? forwardedHost : request.host,
  }
}

export function addressOf(request: Pick<Incoming, 'headers' | 'socket'>, trustedProxies: number): string {
  const forwarded = request.headers['x-forwarded-for']
  const header = Array.isArray(forwarded) ? forwarded.join(',') : forwarded
  return clientAddress(request.socket.remoteAddress, header, trustedProxies)
}

/** A client's own request id is kept when it is harmless to log. */
export function requestIdOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : null
}
