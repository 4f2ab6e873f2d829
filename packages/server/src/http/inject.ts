import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/** Calls of the product to itself, through everything but the socket. */
export interface InjectedRequest {
  method: string
  url: string
  headers: Record<string, string>
  /** Sent as JSON unless undefined. */
  body: unknown
  /** Whose call this is, for limits and lockouts. */
  ip: string
}

export interface InjectedAnswer {
  status: number
  headers: Record<string, string>
  /** Parsed when it is JSON, else the text; null when there is none. */
  body: unknown
}

/** What only a proxy in front may say. A caller from inside says who asks with `ip`, and nothing else is believed. */
const proxyHeader = /^(forwarded|via|x-real-ip|x-forwarded-.*)$/i

export function injectedOptions({ method, url, headers, body, ip }: InjectedRequest) {
  const json = { 'content-type': 'application/json' }
  return {
    method: method as 'GET',
    url,
    remoteAddress: ip,
    headers: {
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => !proxyHeader.test(name))),
      ...(body !== undefined && json),
    },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  }
}

export function injectedAnswer({
  statusCode,
  headers,
  body,
}: {
  statusCode: number
  headers: Readonly<Record<string, unknown>>
  body: string
}): InjectedAnswer {
  const isJson = String(headers['content-type']).startsWith('application/json')
  const text = body === '' ? null : body
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: isJson && text !== null ? (JSON.parse(text) as unknown) : text,
  }
}

/** Whether this request came from inside: then no socket carries its answer, which is collected in memory instead. */
export function isInjected(request: IncomingMessage): boolean {
  return !(request.socket instanceof Socket)
}
