/**
 * Reads a request's path for matching. A path that different servers read differently is refused, because a rule about one
 * reading would not hold for the other: what the gateway took for `/public/..%2fadmin`, the service may take for `/admin`.
 *
 * Refused: `.` and `..` as segments, empty segments within the path, encoded `/`, `\` and control characters, a bare
 * backslash, bytes outside printable ASCII, broken percent-encoding, a fragment. Also when written with percent-encoding.
 * All other percent-encoding is decoded for matching alone (RFC 3986 §6.2.2.2); services receive the bytes as they came.
 */
export type RequestPath = readonly string[]

/** Anything but unreserved characters, sub-delimiters, `:`, `@` and `/` (RFC 3986 §3.3). */
const unusual = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/
/** What needs a second look: a percent sign, an empty segment, a segment that begins with a dot. */
const suspicious = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]|\/\/|\/\./
const allowedRaw = /^[\x21-\x7e]*$/

/** The decoded segments of a path without its query; null when it must be refused. `/` has one empty segment. */
export function readPath(path: string): RequestPath | null {
  if (path.charCodeAt(0) !== 47) return null
  if (!suspicious.test(path)) return path.slice(1).split('/')
  if (!allowedRaw.test(path) || path.includes('\\') || path.includes('#')) return null
  const segments = path.slice(1).split('/')
  const last = segments.length - 1
  const decoded: string[] = []
  for (const [index, segment] of segments.entries()) {
    const text = decodeSegment(segment)
    if (text === null || (text === '' && index !== last)) return null
    decoded.push(text)
  }
  return decoded
}

function decodeSegment(segment: string): string | null {
  const text = unusual.test(segment) ? decode(segment) : segment
  if (text === null || text === '.' || text === '..') return null
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f || code === 0x2f || code === 0x5c) return null
  }
  return text
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A broken escape, or bytes that are not UTF-8.
    return null
  }
}
