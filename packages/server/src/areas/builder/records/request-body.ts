import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { problem } from '@holdfast/contracts/problems'
import { notUtf8 } from '../../../http/problem-writer.ts'
import type { BodyShare } from './body-budget.ts'

export const bodySizeBytesMax = 10 * 1024 * 1024

/**
 * The whole body as text, bounded. An absent body is ''. Throws request.too_large, request.type_unsupported,
 * request.malformed (not UTF-8, or cut off), records.busy when the bodies of all requests are too much together.
 */
export function readText(request: IncomingMessage, share: Pick<BodyShare, 'take'>): Promise<string> {
  const { headers } = request
  const length = headers['content-length']
  if (length === undefined && headers['transfer-encoding'] === undefined) return Promise.resolve('')
  if (Number(length) > bodySizeBytesMax) return Promise.reject(problem('request.too_large'))
  if (length !== '0' && !isJson(headers['content-type']))
    return Promise.reject(problem('request.type_unsupported'))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > bodySizeBytesMax) {
        request.pause()
        reject(problem('request.too_large'))
      } else if (share.take(chunk.length)) chunks.push(chunk)
      else {
        request.pause()
        reject(problem('records.busy', { retryAfterSeconds: 1 }))
      }
    })
    request.once('end', () => {
      const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      // Decoding would put U+FFFD in the place of what is broken, and store that.
      if (isUtf8(bytes)) resolve(bytes.toString('utf8'))
      else reject(notUtf8())
    })
    request.once('error', reject)
    request.once('close', () =>
      reject(problem('request.malformed', { sentence: 'The body ended too early. Send it again.' })),
    )
  })
}

function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}
