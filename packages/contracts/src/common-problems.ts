import { defineProblems } from './kit/problem.ts'

/** Problems that any route can answer. Routes do not declare them; `impliedProblems` derives them. */
export const commonProblems = defineProblems({
  'request.invalid': { status: 400, sentence: 'The request is not valid. See details for each field.' },
  'request.malformed': {
    status: 400,
    sentence: 'The body is not valid JSON. Check it for a missing quote, comma or bracket.',
  },
  'request.route_unknown': { status: 404, sentence: 'There is nothing at this address. Check the path.' },
  'request.method_not_allowed': {
    status: 405,
    sentence: 'This address does not answer this method. See the Allow header.',
  },
  'request.too_large': {
    status: 413,
    sentence: 'The body is larger than this route accepts. Send less at once.',
  },
  'request.type_unsupported': {
    status: 415,
    sentence: 'The body has a content type this route does not read. Send application/json.',
  },
  'request.limited': { status: 429, sentence: 'Too many requests, please try again later.' },
  'request.timed_out': { status: 408, sentence: 'The request took too long to arrive. Try again.' },
  'request.headers_too_large': {
    status: 431,
    sentence: 'The request headers are too large. Send fewer or shorter headers.',
  },
  'request.stream_uncollectable': {
    status: 400,
    sentence: 'This address answers with a stream, which cannot be shown as one answer. Call it directly.',
  },
  'auth.required': { status: 401, sentence: 'Unauthorized: sign in, or send a valid bearer token.' },
  'auth.forbidden': { status: 403, sentence: 'Forbidden: insufficient permissions.' },
  'auth.password_change_required': {
    status: 403,
    sentence: 'Somebody else set your password. Choose your own first, with POST /api/auth/change-password.',
  },
  'auth.csrf_invalid': {
    status: 403,
    sentence: 'The X-CSRF-Token header is missing or wrong. Get one from /api/csrf-token and send it again.',
  },
  'server.unavailable': {
    status: 503,
    sentence: 'The database is not reachable right now. Try again in a moment.',
  },
  'server.stopping': { status: 503, sentence: 'The server is shutting down. Try again in a moment.' },
  'server.failed': {
    status: 500,
    sentence: 'Something went wrong on our side. The log has the details under this request id.',
  },
})
