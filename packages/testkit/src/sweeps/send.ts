import { type ClientRequest, type IncomingMessage, request } from 'node:http'

export interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | Buffer
  /** Announces this many bytes and sends none: whoever answers did not wait for the body. */
  announcedBytes?: number
}

export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
  /** The body when it is JSON, else `undefined`. */
  body: unknown
}

/** Answers that never end are read for this long; the rest are read to their end. */
const endless = 'text/event-stream'

/** Sends exactly these bytes: no client library that repairs what a sweep breaks on purpose. */
export function send(sent: Sent): Promise<Answer> {
  const headers = { ...sent.headers }
  // Node leaves the length out for DELETE, and the body would be read as the next request.
  const length = sent.announcedBytes ?? (sent.body === undefined ? undefined : Buffer.byteLength(sent.body))
  if (length !== undefined) headers['content-length'] = String(length)
  return new Promise((resolve, reject) => {
    const outgoing = request(sent.url, { method: sent.method, headers, agent: false }, (incoming) => {
      read(incoming, outgoing).then(resolve, reject)
    })
    outgoing.once('error', reject)
    if (sent.announcedBytes === undefined) outgoing.end(sent.body)
    else outgoing.flushHeaders()
  })
}

async function read(incoming: IncomingMessage, outgoing: ClientRequest): Promise<Answer> {
  const { statusCode = 0, headers } = incoming
  const type = headers['content-type'] ?? ''
  const chunks: Buffer[] = []
  if (!type.startsWith(endless)) for await (const chunk of incoming) chunks.push(chunk as Buffer)
  outgoing.destroy()
  const text = Buffer.concat(chunks).toString('utf8')
  const isJson = type.startsWith('application/json') && text !== ''
  return { status: statusCode, headers, text, body: isJson ? (JSON.parse(text) as unknown) : undefined }
}
