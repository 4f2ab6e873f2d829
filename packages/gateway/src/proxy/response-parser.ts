/**
 * Reads HTTP/1.1 answers of services (RFC 9112), strictly: what could be read in two ways is an error, because behind a
 * reused connection a misread answer becomes somebody else's. Bodies pass through as they come; nothing is collected.
 */
export interface ResponseHandler {
  /** An answer before the answer (1xx). */
  onInterim(head: ResponseHead): void
  onHead(head: ResponseHead): void
  onBody(chunk: Buffer): void
  /** Trailers, flat. */
  onEnd(trailers: readonly string[]): void
}

export interface ResponseHead {
  status: number
  reason: string
  /** Flat: name, value, as they came. */
  headers: readonly string[]
  isHttp11: boolean
  /** The connection may be used again when the answer has ended. */
  isReusable: boolean
  /** Milliseconds for which the service promises to keep the connection; null when it does not say. */
  keepAliveMs: number | null
}

/** The service sent something that is not HTTP, or is ambiguous. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError'
}

export interface ResponseParser {
  /** Call before each request. */
  expect(request: { method: string; isUpgrade: boolean }): void
  /** Throws ResponseError. After an answer to an upgrade (101) the rest is in `leftover()`. */
  feed(chunk: Buffer): void
  /** The service closed the connection: an answer that lasts until then ends; any other is broken (ResponseError). */
  finish(): void
  isIdle(): boolean
  leftover(): Buffer | null
}

const headBytesMax = 64 * 1024
const headersMax = 200
const chunkLineBytesMax = 256
const trailerBytesMax = 16 * 1024
const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Control characters, and line ends that are not CRLF. */
const forbidden = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|[^\r]\n/
const endOfHead = Buffer.from('\r\n\r\n')
const crlf = Buffer.from('\r\n')

type State =
  | 'idle'
  | 'head'
  | 'length'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailers'
  | 'close'
  | 'done'

export function createResponseParser(handler: ResponseHandler): ResponseParser {
  let state: State = 'idle'
  let method = 'GET'
  let isUpgrade = false
  let held: Buffer | null = null
  /** Bytes of the body, or of the chunk, still to come. */
  let remaining = 0

  const hold = (rest: Buffer, bytesMax: number, what: string) => {
    if (rest.length > bytesMax) throw new ResponseError(`${what} is larger than ${bytesMax} bytes.`)
    // A copy: the memory of a chunk belongs to the socket, which uses it again.
    held = rest.length === 0 ? null : Buffer.from(rest)
  }
  const end = (trailers: readonly string[]) => {
    state = 'idle'
    handler.onEnd(trailers)
  }

  function readHead(data: Buffer, from: number): number {
    const index = data.indexOf(endOfHead, from)
    if (index === -1) {
      hold(data.subarray(from), headBytesMax, 'The head of the answer')
      return data.length
    }
    if (index - from > headBytesMax) throw new ResponseError('The head of the answer is too large.')
    const head = parseHead(data.toString('latin1', from, index))
    const next = index + 4
    if (head.status < 200 && head.status !== 101) {
      handler.onInterim(head)
      return next
    }
    if (head.status === 101) {
      if (!isUpgrade) throw new ResponseError('The service switched protocols without being asked.')
      state = 'done'
      held = Buffer.from(data.subarray(next))
      handler.onHead(head)
      return data.length
    }
    const framing = framingOf(head, method)
    if (framing === 'close') head.isReusable = false
    state = framing === 'chunked' ? 'chunk-size' : framing === 'close' ? 'close' : 'length'
    remaining = typeof framing === 'number' ? framing : 0
    handler.onHead(head)
    if (framing === 0) end([])
    return next
  }

  function readChunkSize(data: Buffer, from: number): number {
    const index = data.indexOf(crlf, from)
    if (index === -1) {
      hold(data.subarray(from), chunkLineBytesMax, 'The line before a chunk')
      return data.length
    }
    const line = data.toString('latin1', from, index)
    const [, digits] = /^([0-9A-Fa-f]{1,12})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/.exec(line) ?? []
    if (digits === undefined || line.length > chunkLineBytesMax) {
      throw new ResponseError('The service sent a chunk without a proper size.')
    }
    remaining = Number.parseInt(digits, 16)
    state = remaining === 0 ? 'trailers' : 'chunk-data'
    return index + 2
  }

  function readBytes(data: Buffer, from: number, next: State): number {
    const size = Math.min(remaining, data.length - from)
    remaining -= size
    const isLast = remaining === 0
    if (isLast) state = next
    if (size > 0) handler.onBody(data.subarray(from, from + size))
    if (isLast && next === 'idle') handler.onEnd([])
    return from + size
  }

  function readChunkEnd(data: Buffer, from: number): number {
    if (data.length - from < 2) {
      hold(data.subarray(from), 2, 'The end of a chunk')
      return data.length
    }
    if (data[from] !== 13 || data[from + 1] !== 10) throw new ResponseError('A chunk is longer than it said.')
    state = 'chunk-size'
    return from + 2
  }

  function readTrailers(data: Buffer, from: number): number {
    if (data[from] === 13 && data[from + 1] === 10) {
      end([])
      return from + 2
    }
    const index = data.indexOf(endOfHead, from)
    if (index === -1) {
      hold(data.subarray(from), trailerBytesMax, 'The trailer section')
      return data.length
    }
    const text = data.toString('latin1', from, index)
    if (forbidden.test(text)) throw new ResponseError('The trailers hold control characters.')
    end(parseFields(text.split('\r\n'), 0))
    return index + 4
  }

  return {
    expect(request) {
      method = request.method
      isUpgrade = request.isUpgrade
      state = 'head'
      held = null
    },
    feed(chunk) {
      let data: Buffer = chunk
      if (held !== null) {
        data = Buffer.concat([held, chunk])
        held = null
      }
      let position = 0
      while (position < data.length) {
        if (state === 'head') position = readHead(data, position)
        else if (state === 'length') position = readBytes(data, position, 'idle')
        else if (state === 'chunk-size') position = readChunkSize(data, position)
        else if (state === 'chunk-data') position = readBytes(data, position, 'chunk-end')
        else if (state === 'chunk-end') position = readChunkEnd(data, position)
        else if (state === 'trailers') position = readTrailers(data, position)
        else if (state === 'close') {
          handler.onBody(data.subarray(position))
          return
        } else if (state === 'done') return
        else throw new ResponseError('The service sent more than its answer.')
      }
    },
    finish() {
      if (state === 'close') end([])
      else if (state !== 'idle' && state !== 'done') {
        throw new ResponseError('The service closed the connection before its answer was complete.')
      }
    },
    isIdle: () => state === 'idle',
    leftover: () => held,
  }
}

function parseHead(text: string): ResponseHead {
  if (forbidden.test(text)) throw new ResponseError('The head of the answer holds control characters.')
  const lines = text.split('\r\n')
  const first = lines[0] ?? ''
  const minor = first.charCodeAt(7)
  const status = Number(first.slice(9, 12))
  const isProper =
    first.startsWith('HTTP/1.') &&
    (minor === 48 || minor === 49) &&
    first.charCodeAt(8) === 32 &&
    status >= 100 &&
    status < 600 &&
    Number.isInteger(status) &&
    (first.length === 12 || first.charCodeAt(12) === 32)
  if (!isProper) throw new ResponseError('The service did not answer in HTTP/1.')
  return {
    status,
    reason: first.slice(13),
    headers: parseFields(lines, 1),
    isHttp11: minor === 49,
    isReusable: minor === 49,
    keepAliveMs: null,
  }
}

function parseFields(lines: readonly string[], from: number): string[] {
  if (lines.length - from > headersMax)
    throw new ResponseError(`The answer has more than ${headersMax} headers.`)
  const fields: string[] = []
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    // Also finds a line that continues the one before (obs-fold), and white space before the colon.
    if (colon <= 0 || !isToken(name)) throw new ResponseError('A header of the answer has no proper name.')
    fields.push(name, line.slice(colon + 1).trim())
  }
  return fields
}

/** Services send the same few names all the time. */
const knownNames = new Set<string>()
function isToken(name: string): boolean {
  if (knownNames.has(name)) return true
  if (!tokenPattern.test(name)) return false
  if (knownNames.size < 1_000) knownNames.add(name)
  return true
}

/** How the end of the body is found (RFC 9112 §6.3); notes on the head whether the connection may be used again. */
function framingOf(head: ResponseHead, method: string): number | 'chunked' | 'close' {
  let length: string | null = null
  let encoding: string | null = null
  for (let index = 0; index < head.headers.length; index += 2) {
    const name = head.headers[index] ?? ''
    const value = head.headers[index + 1] ?? ''
    // By length first: most headers are neither, and lower-casing all of them costs more than all the rest.
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (!/^\d{1,15}$/.test(value) || (length !== null && length !== value)) {
        throw new ResponseError('The service sent no proper Content-Length.')
      }
      length = value
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      encoding = encoding === null ? value.toLowerCase() : `${encoding},${value.toLowerCase()}`
    } else if (name.length === 10) {
      const lower = name.toLowerCase()
      if (lower === 'connection' && /(^|,)\s*close\s*(,|$)/i.test(value)) head.isReusable = false
      if (lower === 'keep-alive') {
        const seconds = /timeout=(\d{1,6})/.exec(value)?.[1]
        if (seconds !== undefined) head.keepAliveMs = Number(seconds) * 1_000
      }
    }
  }
  if (encoding !== null && (length !== null || encoding !== 'chunked' || !head.isHttp11)) {
    throw new ResponseError('The service framed its answer in two ways, or in one that is unknown.')
  }
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return 0
  if (encoding !== null) return 'chunked'
  return length === null ? 'close' : Number(length)
}
