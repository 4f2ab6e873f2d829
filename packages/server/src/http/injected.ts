/** A call of a route from inside the server, through everything but the socket. */
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
