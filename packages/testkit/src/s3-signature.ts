import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface S3Credentials {
  accessKeyId: string
  secretAccessKey: string
}

/**
 * Whether a request carries the signature that its headers, its address and its body ask for.
 * AWS Signature Version 4 as S3 uses it: the path is signed as it was sent, the hash of the body is a header.
 */
export function isSignedFor(
  { accessKeyId, secretAccessKey }: S3Credentials,
  request: IncomingMessage,
  body: Buffer,
): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (parts === null) return false
  const [, keyId, date = '', region = '', signedHeaders = '', signature] = parts
  const header = (name: string) => String(request.headers[name] ?? '').trim()
  const bodyHash = sha256(body)
  if (keyId !== accessKeyId || header('x-amz-content-sha256') !== bodyHash) return false
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const canonical = [
    request.method ?? 'GET',
    path,
    query
      .split('&')
      .map((pair) => (pair === '' || pair.includes('=') ? pair : `${pair}=`))
      .toSorted()
      .join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${header(name)}`),
    '',
    signedHeaders,
    bodyHash,
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', header('x-amz-date'), scope, sha256(canonical)].join('\n')
  const key = [date, region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, toSign).toString('hex') === signature
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}
