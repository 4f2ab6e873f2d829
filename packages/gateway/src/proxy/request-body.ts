import type { IncomingMessage } from 'node:http'
import type { Call } from './call.ts'
import { useOf } from './header-names.ts'
import { keptBytesMax } from './retrying.ts'
import { bodySizeBytesMax } from './serve-bounds.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** The client's body on its way to the service, as fast as the service takes it and no larger than it may be. */
export interface RequestBody {
  /** Sends what has come already, if it was kept, and then the rest. */
  sendTo(connection: UpstreamConnection): void
  /** The service takes more. */
  onDrain(): void
  /** Everything that came is at hand: another attempt may send it again. */
  isReplayable(): boolean
  isOver(): boolean
  /** The service does not take more for now. */
  isBlocked(): boolean
  /** Nothing more is sent; what still comes is read and dropped, so that the client can read its answer. */
  abandon(): void
}

interface RequestBodyOptions {
  isChunked: boolean
  sizeBytesMax: number
  /** Kept for another attempt up to this size. */
  keepBytesMax: number
  onTooLarge(): void
  /** Something was written, or all of it. */
  onProgress(isOver: boolean): void
}

/** The body of a request; null when it has none. */
export function openRequestBody(
  call: Call,
  events: Pick<RequestBodyOptions, 'onTooLarge' | 'onProgress'>,
): RequestBody | null {
  const { head, request } = call
  const isChunked = head.transferEncoding !== null
  if (!isChunked && (head.contentLength === null || Number(head.contentLength) === 0)) {
    call.awaitsContinue = false
    return null
  }
  return readRequestBody(request, {
    isChunked,
    sizeBytesMax: bodySizeBytesMax(call),
    keepBytesMax: keptBytesMax(call),
    onTooLarge: events.onTooLarge,
    onProgress(isOver) {
      call.awaitsContinue = false
      events.onProgress(isOver)
    },
  })
}

function readRequestBody(request: IncomingMessage, options: RequestBodyOptions): RequestBody {
  let connection: UpstreamConnection | null = null
  let kept: Buffer[] | null = options.keepBytesMax > 0 ? [] : null
  let sizeBytes = 0
  let hasEnded = false
  let isBlocked = false
  let isAbandoned = false

  const write = (target: UpstreamConnection, chunk: Buffer): boolean => {
    if (!options.isChunked) return target.write(chunk)
    target.cork()
    target.write(`${chunk.length.toString(16)}\r\n`)
    target.write(chunk)
    const isWilling = target.write('\r\n')
    target.uncork()
    return isWilling
  }
  const finish = (target: UpstreamConnection) => {
    if (options.isChunked) target.write(`0\r\n${trailersOf(request)}\r\n`)
    target.requestEnded()
    options.onProgress(true)
  }
  request.on('data', (chunk: Buffer) => {
    if (isAbandoned) return
    sizeBytes += chunk.length
    if (sizeBytes > options.sizeBytesMax) {
      isAbandoned = true
      options.onTooLarge()
      return
    }
    if (kept !== null) {
      if (sizeBytes <= options.keepBytesMax) kept.push(chunk)
      else kept = null
    }
    if (connection === null) return
    if (!write(connection, chunk)) {
      isBlocked = true
      request.pause()
    }
    options.onProgress(false)
  })
  request.on('end', () => {
    hasEnded = true
    if (connection !== null && !isAbandoned) finish(connection)
  })

  return {
    sendTo(target) {
      connection = target
      isBlocked = false
      request.resume()
      for (const chunk of kept ?? []) write(target, chunk)
      if (hasEnded) finish(target)
    },
    onDrain() {
      isBlocked = false
      request.resume()
    },
    isReplayable: () => kept !== null,
    isOver: () => hasEnded,
    isBlocked: () => isBlocked,
    abandon() {
      isAbandoned = true
      connection = null
      kept = null
      request.resume()
    },
  }
}

/** Names that must not stand in trailers: they would change how the message is read (RFC 9110 §6.5.1). */
const forbiddenTrailers =
  /^(content-length|transfer-encoding|host|connection|trailer|te|upgrade|authorization|x-api-key|x-forwarded-.*|x-consumer-id|x-user-id|content-.*|cookie|set-cookie)$/i

function trailersOf({ rawTrailers }: IncomingMessage): string {
  let text = ''
  for (let index = 0; index < rawTrailers.length; index += 2) {
    const name = rawTrailers[index] ?? ''
    if (!forbiddenTrailers.test(name) && useOf(name) === 'pass')
      text += `${name}: ${rawTrailers[index + 1] ?? ''}\r\n`
  }
  return text
}
