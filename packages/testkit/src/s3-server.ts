import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { isSignedFor, type S3Credentials } from './s3-signature.ts'

/** A bucket over HTTP, as much of S3 as an object store needs: whole and multipart uploads, reading, removing. */
export interface S3Server extends S3Credentials {
  /** Of the bucket, in path style. */
  url: string
  /** By key, as it would be read now. */
  objects: ReadonlyMap<string, Buffer>
  /** How many objects have come in parts. */
  uploadsInParts(): number
  /** From now on there is no such bucket; `put` makes it anew, with what was in it. */
  bucket: { remove(): void; put(): void }
  stop(): Promise<void>
}

const bucketName = 'holdfast'

/** Every request must be signed for `accessKeyId`; others are answered with 403, as S3 does. */
export async function startS3Server(): Promise<S3Server> {
  const credentials = { accessKeyId: 'tester', secretAccessKey: randomUUID() }
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  let completed = 0
  let isThere = true

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const refuse = (status: number, code: string) =>
      void response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(element('Error', { Code: code }))
    if (!isSignedFor(credentials, request, body)) return refuse(403, 'SignatureDoesNotMatch')
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bucket')
    const [, bucket, ...segments] = decodeURIComponent(pathname).split('/')
    if (!isThere || bucket !== bucketName) return refuse(404, 'NoSuchBucket')
    const key = segments.join('/')
    const uploadId = searchParams.get('uploadId')
    const upload = uploads.get(uploadId ?? '')
    if (uploadId !== null && upload === undefined) return refuse(404, 'NoSuchUpload')
    const done = (status: number, content?: Buffer | string) =>
      void response.writeHead(status, { etag: `"${randomUUID()}"` }).end(content)

    switch (request.method) {
      case 'GET': {
        const content = objects.get(key)
        return content === undefined ? refuse(404, 'NoSuchKey') : done(200, content)
      }
      case 'PUT':
        if (upload === undefined) objects.set(key, body)
        else upload.set(Number(searchParams.get('partNumber')), body)
        return done(200)
      case 'POST': {
        if (upload === undefined) {
          const id = randomUUID()
          uploads.set(id, new Map())
          return done(200, element('InitiateMultipartUploadResult', { Key: key, UploadId: id }))
        }
        const parts = [...upload].toSorted(([one], [other]) => one - other)
        objects.set(key, Buffer.concat(parts.map(([, part]) => part)))
        completed += 1
        return done(200, element('CompleteMultipartUploadResult', { Key: key, ETag: 'whole' }))
      }
      case 'DELETE':
        if (uploadId === null) objects.delete(key)
        else uploads.delete(uploadId)
        return done(204)
      default:
        return refuse(405, 'MethodNotAllowed')
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...credentials,
    url: `http://127.0.0.1:${port}/${bucketName}`,
    objects,
    uploadsInParts: () => completed,
    bucket: { remove: () => void (isThere = false), put: () => void (isThere = true) },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function element(name: string, children: Record<string, string>): string {
  const inner = Object.entries(children).map(([child, text]) => `<${child}>${text}</${child}>`)
  return `<?xml version="1.0" encoding="UTF-8"?><${name}>${inner.join('')}</${name}>`
}
