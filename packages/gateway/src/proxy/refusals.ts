/** Every answer that the gateway gives itself, with its status and what it tells the client. */
export const refusals = {
  BAD_REQUEST: [400, 'The request is not proper HTTP.'],
  AMBIGUOUS_PATH: [
    400,
    'The path can be read in more than one way. Send it without empty segments, "." and "..", and without encoded slashes and control characters.',
  ],
  TOKEN_INVALID: [401, 'Send a valid key, as Authorization: Bearer or as X-API-Key.'],
  TOKEN_EXPIRED: [401, 'The token has expired. Sign in again.'],
  IP_RESTRICTED: [403, 'Requests from this address are not allowed here.'],
  ROUTE_NOT_FOUND: [404, 'No route takes this method and path.'],
  SERVICE_NOT_FOUND: [
    404,
    'The service of this route does not exist any more. Assign another one to the route.',
  ],
  REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
  REQUEST_TOO_LARGE: [413, 'The body is larger than this route takes.'],
  EXPECTATION_FAILED: [417, 'Only Expect: 100-continue is understood.'],
  RATE_LIMIT_EXCEEDED: [429, 'Too many requests. Wait as long as Retry-After says.'],
  HEADERS_TOO_LARGE: [431, 'The head of the request has too many or too large headers.'],
  DOWNSTREAM_ERROR: [502, 'The service could not be reached, or did not answer properly.'],
  SERVICE_UNAVAILABLE: [503, 'The service is not available now. Try again in a moment.'],
  DOWNSTREAM_TIMEOUT: [504, 'The service did not answer in time.'],
} as const satisfies Record<string, readonly [number, string]>
export type RefusalCode = keyof typeof refusals

/** The client went away before the answer; nobody reads the status, it only stands in the log. */
export const clientClosed = { status: 499, code: 'CLIENT_CLOSED' } as const

export function refusalBody(code: RefusalCode, requestId: string): string {
  return JSON.stringify({ error: code, message: refusals[code][1], requestId })
}
