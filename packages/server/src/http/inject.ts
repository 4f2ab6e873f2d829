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

export function injectedOptions({ method, url, headers, body, ip }: InjectedRequest) {
  const json = { 'content-type': 'application/json' }
  return {
    method: method as 'GET',
    url,
    remoteAddress: ip,
    headers: { ...headers, ...(body !== undefined && json) },
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
